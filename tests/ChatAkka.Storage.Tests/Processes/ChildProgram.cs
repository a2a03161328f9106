using System.Text.Json;
using Akka.Actor;
using ChatAkka.Storage.Journals;
using ChatAkka.Storage.Tests.Journals;

namespace ChatAkka.Storage.Tests.Processes;

/// <summary>The process that tests start and kill. Its arguments are a verb, the settings of the store in JSON, and whether other processes
/// have the store open too.</summary>
internal static class ChildProgram
{
    /// <summary>Opens the store and closes it: exit code 0, or 1 and the reason on standard error.</summary>
    public const string Open = "open";

    /// <summary>Appends batches of <see cref="Batch"/> for <see cref="Ids"/> ids without end, printing each acknowledged
    /// batch as "id lowest-sequence-nr".</summary>
    public const string Write = "write";

    /// <summary>Runs <see cref="Racers"/> actors that write without end, printing each acknowledged event as
    /// "id sequence-nr text"; and "id stopped" when one has been stopped, and is started again.</summary>
    public const string Race = "race";

    public const int Ids = 40;
    public const int Batch = 3;
    public const int Racers = 3;

    /// <summary>What the ids of <see cref="Race"/> begin with.</summary>
    public const string RacerPrefix = "race-";

    /// <summary>What a <see cref="Racer"/> says of an end.</summary>
    public const string Stopped = "stopped";

    public static async Task<int> Main(string[] args)
    {
        try
        {
            var options = JsonSerializer.Deserialize<StorageOptions>(args[1])!;
            await using var store = bool.Parse(args[2])
                ? await ChatStore.OpenSharedAsync(options, TimeProvider.System, CancellationToken.None)
                : await ChatStore.OpenAsync(options, TimeProvider.System, CancellationToken.None);
            switch (args[0])
            {
                case Write:
                    await Task.WhenAll(Enumerable.Range(0, Ids).Select(id => WriteForEver(store.Journal, $"channel-{id}")));
                    break;
                case Race:
                    await RaceForEver(store);
                    break;
            }

            return 0;
        }
        catch (StorageOpenException e)
        {
            await Console.Error.WriteLineAsync(e.Message);
            return 1;
        }
    }

    private static async Task WriteForEver(IEventStore events, string id)
    {
        for (var next = await events.HighestAsync(id) + 1; ; next += Batch)
        {
            await events.AppendAsync(Rows.Range(id, next, next + Batch - 1, id));
            Console.WriteLine($"{id} {next}");
        }
    }

    private static Task RaceForEver(ChatStore store)
    {
        var system = PluginSystem.Create(store);
        for (var i = 0; i < Racers; i++)
        {
            var id = $"{RacerPrefix}{i}";
            system.ActorOf(Props.Create(() => new Racer(id)));
        }

        return system.WhenTerminated;
    }

    /// <summary>Has a <see cref="Notebook"/> write one text after another, and starts it again when it stops.</summary>
    private sealed class Racer : ReceiveActor
    {
        private readonly string _id;
        private IActorRef _notebook = ActorRefs.Nobody;
        private int _written;

        public Racer(string id)
        {
            _id = id;
            Receive<Written>(written =>
            {
                Console.WriteLine($"{_id} {written.SequenceNr} {Text}");
                _written++;
                Next();
            });
            Receive<Terminated>(_ =>
            {
                Console.WriteLine($"{_id} {Stopped}");
                Start();
            });
        }

        private string Text => $"{Environment.ProcessId}:{_written}";

        protected override void PreStart() => Start();

        private void Start()
        {
            var id = _id;
            _notebook = Context.ActorOf(Props.Create(() => new Notebook(id)));
            Context.Watch(_notebook);
            Next();
        }

        private void Next() => _notebook.Tell(new Write(Text));
    }
}
