// What nearly every file about programs includes.
#include "dialects/Precompiled.h"
#include "dialects/dist/Dist.h"
#include "dialects/graph/Graph.h"
#include "dialects/rt/Rt.h"
