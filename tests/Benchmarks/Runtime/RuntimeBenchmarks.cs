namespace Benchmarks.Runtime;

/// <summary>The actor runtime: <c>runtime</c> runs all of it, <c>runtime NAME…</c> what is named.</summary>
internal static class RuntimeBenchmarks
{
    private static readonly Dictionary<string, Func<Task>> Known = new()
    {
        ["startup"] = Startup.Run,
        ["messages"] = LocalMessages.Run,
        ["idle"] = IdleActors.Run,
        ["sharding"] = Sharding.Run,
        ["persistence"] = Persistence.Run,
#if AKKA_EMBEDDED
        ["transport"] = TransportBench.Run,
        ["remote"] = RemoteMessages.Run,
#endif
    };

    public static async Task<int> Run(string[] names)
    {
        if (names.FirstOrDefault(name => !Known.ContainsKey(name)) is { } unknown)
        {
            Console.Error.WriteLine($"Unknown benchmark '{unknown}'; known: {string.Join(", ", Known.Keys)}");
            return 2;
        }

        foreach (var (name, benchmark) in Known)
        {
            if (names.Length == 0 || names.Contains(name))
                await benchmark();
        }

        return 0;
    }
}
