namespace Akka.Embedded.Tests.Internals;

/// <summary>Tests that measure the process, and so must have it for themselves.</summary>
[CollectionDefinition(nameof(Alone), DisableParallelization = true)]
public sealed class Alone;
