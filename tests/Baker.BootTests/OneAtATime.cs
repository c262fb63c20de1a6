using Xunit.Sdk;
using Xunit.v3;

// Machines that boot at the same time slow each other down beyond every time limit.
[assembly: Parallelization(Mode = ParallelMode.None)]
