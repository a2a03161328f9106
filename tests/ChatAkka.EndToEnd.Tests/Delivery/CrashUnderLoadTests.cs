using System.Collections.Concurrent;
using System.Net.Sockets;
using ChatAkka.EndToEnd.Tests.Harness;
using ChatAkka.EndToEnd.Tests.Harness.Clients;
using ChatAkka.EndToEnd.Tests.Harness.Processes;
using ChatAkka.EndToEnd.Tests.Harness.Waiting;

namespace ChatAkka.EndToEnd.Tests.Delivery;

/// <summary>kill -9 in the middle of everything loses nothing acknowledged (P5), repeats nothing (P3) and leaves no gap (P2).</summary>
public sealed class CrashUnderLoadTests : EndToEndTest
{
    [Fact]
    public async Task Everything_acknowledged_survives_kills_under_load()
    {
        const int members = 6, kills = 3, inFlight = 8;
        var server = await StartServerAsync(ServerSettings.Unlimited);
        var people = await MeetAsync(Enumerable.Range(0, members).Select(i => $"p{i}").ToArray());
        var group = await Api.CreateGroupAsync(people[0], "group", people[1..]);
        var acknowledged = new ConcurrentDictionary<string, long>();
        var writers = people.Select(p => new Writer(p, group, inFlight, acknowledged)).ToArray();

        for (var life = 0; life <= kills; life++)
        {
            foreach (var writer in writers)
            {
                writer.Client = await ConnectAsync(writer.Person);
            }

            var goal = acknowledged.Count + 200 + 37 * life;
            var posting = writers.Select(w => w.PostUntilLostAsync()).ToArray();
            await Wait.UntilAsync("messages are acknowledged", () => acknowledged.Count >= goal, TimeSpan.FromSeconds(30));
            await server.KillAsync();
            await Task.WhenAll(posting);
            await server.StartAgainAsync();
        }

        foreach (var writer in writers)
        {
            writer.Client = await ConnectAsync(writer.Person);
            await writer.RepeatUnacknowledgedAsync();
        }

        var history = await Api.ReadAllAsync(people[0], group);
        history.Select(m => m.Id()).ShouldBe(Enumerable.Range(2, history.Count).Select(i => (long)i), "ids are dense");
        var stored = history.ToDictionary(m => m.String("text"), m => m.Id());
        stored.Count.ShouldBe(history.Count, "nothing is stored twice");
        acknowledged.Where(a => !stored.TryGetValue(a.Key, out var id) || id != a.Value)
            .ShouldBeEmpty("acknowledged, but not stored as acknowledged");
        stored.Keys.Except(acknowledged.Keys).ShouldBeEmpty("stored, but never acknowledged, even to the repeat");
    }

    private sealed class Writer(Person person, string group, int inFlight, ConcurrentDictionary<string, long> acknowledged)
    {
        private readonly Dictionary<string, string> _open = [];
        private int _last;

        public Person Person { get; } = person;

        public ChatClient Client { get; set; } = null!;

        /// <summary>First what a crash left open, then new texts, until the connection breaks.</summary>
        public async Task PostUntilLostAsync()
        {
            try
            {
                await RepeatUnacknowledgedAsync();
                while (true)
                {
                    for (var i = 0; i < inFlight; i++)
                    {
                        var id = $"c{++_last}";
                        _open[id] = $"{Person.Subject} says {id}";
                    }

                    await RepeatUnacknowledgedAsync();
                }
            }
            catch (Exception e) when (e is ConnectionLostException or SocketException)
            {
                // The kill.
            }
        }

        /// <summary>Sends everything open and waits for the oks.</summary>
        public async Task RepeatUnacknowledgedAsync()
        {
            List<(string Id, string Reference)> sent = [];
            foreach (var (id, text) in _open)
            {
                sent.Add((id, await Client.BeginPostAsync(group, id, text)));
            }

            foreach (var (id, reference) in sent)
            {
                var ok = (await Client.ReplyAsync(reference)).ShouldBeOk();
                acknowledged[_open[id]] = ok.Id;
                _open.Remove(id);
            }
        }
    }
}
