using Benchmarks.Domain;
using Benchmarks.PostgreSql;
using Benchmarks.Runtime;
using Benchmarks.Serialization;
using Benchmarks.Server;
using Benchmarks.Storage;

// dotnet run --project tests/Benchmarks -c Release -- <verb> [arguments]
var verbs = new Dictionary<string, Func<string[], Task<int>>>
{
    ["runtime"] = RuntimeBenchmarks.Run,
#if AKKA_EMBEDDED
    [TransportPeer.Verb] = _ => TransportPeer.Run(),
    [RemoteMessages.Verb] = _ => RemoteMessages.RunPeer(),
    ["ddata"] = ReplicatedDataBench.Run,
#endif
    ["repeats"] = Repeats.Run,
    ["codec"] = NodeCodec.RunAsync,
    ["storage"] = JournalWrites.RunAsync,
    ["transfer"] = Transfers.RunAsync,
    ["postgres"] = PostgresBenchmarks.RunAsync,
    ["server"] = arguments => Task.FromResult(ServerBenchmarks.Run(arguments)),
};

if (args is [var verb, ..] && verbs.TryGetValue(verb, out var run))
    return await run(args[1..]);

Console.Error.WriteLine($"Usage: Benchmarks <{string.Join('|', verbs.Keys)}> [arguments]");
return 2;
