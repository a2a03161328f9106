namespace Benchmarks.Server;

/// <summary>The measurement can't go on; the message says why.</summary>
internal sealed class BenchmarkException(string message) : Exception(message);
