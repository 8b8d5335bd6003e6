"""torchrun, with one repair: torch 1.13's reading of --redirects breaks under Python 3.11."""

import torch.distributed.elastic.multiprocessing as multiprocessing
import torch.distributed.run as run

if not isinstance(multiprocessing.Std.from_str("0"), multiprocessing.Std):
    multiprocessing.Std.from_str = staticmethod(lambda text: multiprocessing.Std.NONE)
run.main()
