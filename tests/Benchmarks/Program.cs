using Benchmarks.Domain;
using Benchmarks.Runtime;
using Benchmarks.Server;
using Benchmarks.Storage;

// dotnet run --project tests/Benchmarks -c Release -- <verb> [arguments]
var verbs = new Dictionary<string, Func<string[], Task<int>>>
{
    ["runtime"] = RuntimeBenchmarks.Run,
    ["repeats"] = Repeats.Run,
    ["storage"] = JournalWrites.RunAsync,
    ["server"] = arguments => Task.FromResult(ServerBenchmarks.Run(arguments)),
};

if (args is [var verb, ..] && verbs.TryGetValue(verb, out var run))
    return await run(args[1..]);

Console.Error.WriteLine($"Usage: Benchmarks <{string.Join('|', verbs.Keys)}> [arguments]");
return 2;
