using System.Collections.Concurrent;
using ChatAkka.Replay.Clients;
using ChatAkka.Replay.Faults;
using ChatAkka.Replay.Waiting;

namespace ChatAkka.Replay.Scenarios;

/// <summary>What a scenario plays with. Everything in it lives as long as one scenario's run.</summary>
internal sealed class Arena(
    string prefix, ReplayOptions options, Fleet fleet, Api api, IntegratorTokens tokens, Waits waits, Random random)
{
    /// <summary>So many people of a scenario have a password of their own instead of an integrator's token.</summary>
    private const int PeopleWithPasswords = 3;

    private const int ReadsEvery = 5;

    private readonly Pace _pace = new(fleet.Faults, options.Pace, fleet.Time);
    private readonly ConcurrentQueue<Conversation> _conversations = [];
    private readonly Lock _lock = new();
    private int _people;
    private int _devices;

    public ReplayOptions Options => options;

    public Api Api => api;

    public Waits Waits => waits;

    /// <summary>Of the scenario's own task only.</summary>
    public Random Random => random;

    /// <summary>What was played so far.</summary>
    public IReadOnlyCollection<Conversation> Conversations => _conversations;

    /// <summary>Time spent from a conversation's first message until every device had everything; setting up isn't in it.</summary>
    public TimeSpan Played { get; private set; }

    /// <summary>Waits for the turn of the next text of any conversation.</summary>
    public Task TurnAsync() => _pace.TurnAsync();

    public Conversation Converse()
    {
        var conversation = new Conversation(waits);
        _conversations.Enqueue(conversation);
        return conversation;
    }

    /// <summary>The next person, named so that no other scenario has the same.</summary>
    public async Task<Person> PersonAsync(string name)
    {
        var number = Interlocked.Increment(ref _people);
        var subject = $"{prefix}.p{number}";
        return number <= PeopleWithPasswords
            ? await Person.SignUpAsync(api, subject, name, waits.Ended).ConfigureAwait(false)
            : Person.Integrated(tokens, subject, name);
    }

    /// <summary>
    /// A new device of a person, not yet connected. Every other one resumes with its own cursors, and every third reads some of what comes.
    /// </summary>
    public async Task<DeviceClient> DeviceAsync(Person person, int number)
    {
        var name = $"{person.Subject}.d{number}";
        var token = await person.TokenAsync($"d{number}", waits.Ended).ConfigureAwait(false);
        lock (_lock)
        {
            var count = _devices++;
            return new DeviceClient(fleet, name, token, (Resume)(count % 2), new Random(random.Next()))
            {
                ReadsEvery = count % 3 == 0 ? ReadsEvery : 0,
            };
        }
    }

    /// <summary>Connects devices, a limited number at a time, and waits until all are synced.</summary>
    public async Task StartAsync(IReadOnlyCollection<DeviceClient> devices)
    {
        foreach (var some in devices.Chunk(64))
        {
            await Task.WhenAll(some.Select(d => waits.For(d.StartAsync(), () => $"{d.Name} to be synced for the first time"))).ConfigureAwait(false);
        }
    }

    /// <summary>Runs a part of the scenario that counts as <see cref="Played"/>, failed or not. One at a time.</summary>
    public async Task PlayedAsync(Func<Task> part)
    {
        var started = fleet.Time.GetTimestamp();
        try
        {
            await part().ConfigureAwait(false);
        }
        finally
        {
            Played += fleet.Time.GetElapsedTime(started);
        }
    }

    /// <summary>A random share of the devices, as <see cref="ReplayOptions.Restless"/> says.</summary>
    public DeviceClient[] Restless(IEnumerable<DeviceClient> devices)
    {
        var all = devices.ToArray();
        random.Shuffle(all);
        return all[..(int)Math.Round(all.Length * options.Restless)];
    }
}
