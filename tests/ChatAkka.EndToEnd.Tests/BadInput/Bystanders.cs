using System.Diagnostics;
using ChatAkka.EndToEnd.Tests.Harness.Clients;
using ChatAkka.EndToEnd.Tests.Harness.Processes;
using ChatAkka.EndToEnd.Tests.Harness.Waiting;

namespace ChatAkka.EndToEnd.Tests.BadInput;

/// <summary>
/// Two users who chat all the time and have nothing to do with the offender: every text must arrive, in order, soon, and neither may lose
/// their socket.
/// </summary>
internal sealed class Bystanders : IAsyncDisposable
{
    // Often enough to be hurt by anything, seldom enough to leave the processors to the tests.
    private static readonly TimeSpan Pace = TimeSpan.FromMilliseconds(20);

    private readonly ChatClient _anna;
    private readonly ChatClient _ben;
    private readonly Person _to;
    private readonly CancellationTokenSource _end = new();
    private readonly Task _chat;
    private int _rounds;

    private Bystanders(ChatClient anna, ChatClient ben, Person to)
    {
        (_anna, _ben, _to) = (anna, ben, to);
        _chat = ChatAsync();
    }

    /// <summary>The longest that a text took to its reader and back.</summary>
    public TimeSpan Slowest { get; private set; }

    public static async Task<Bystanders> StartAsync(ServerProcess server, Person anna, Person ben) =>
        new(await ChatClient.ConnectAsync(server, anna.Token), await ChatClient.ConnectAsync(server, ben.Token), ben);

    /// <summary>Returns when three more rounds have gone well.</summary>
    public async Task ChatOnAsync()
    {
        var goal = Volatile.Read(ref _rounds) + 3;
        await Wait.UntilAsync("the bystanders chat on", () => _chat.IsCompleted || Volatile.Read(ref _rounds) >= goal);
        if (_chat.IsCompleted)
        {
            await _chat;
        }
    }

    /// <summary>Ends the chat; fails if it was disturbed.</summary>
    public async ValueTask DisposeAsync()
    {
        try
        {
            await _end.CancelAsync();
            await _chat;
            _anna.ShouldHaveSeenEverythingInOrder();
            _ben.ShouldHaveSeenEverythingInOrder();
        }
        finally
        {
            await _anna.DisposeAsync();
            await _ben.DisposeAsync();
            _end.Dispose();
        }
    }

    private async Task ChatAsync()
    {
        using var pace = new PeriodicTimer(Pace);
        while (!_end.IsCancellationRequested)
        {
            var round = _rounds + 1;
            var started = Stopwatch.GetTimestamp();
            var asked = await _anna.PostToAsync(_to.UserId, $"q{round}", $"question {round} – 질문 😀");
            var channel = asked.Json.String("channel");
            (await _ben.TakeMessageAsync(channel, $"question {round} – 질문 😀")).Id.ShouldBe(asked.Id);
            var answered = await _ben.PostAsync(channel, $"a{round}", $"answer {round}");
            (await _anna.TakeMessageAsync(channel, $"answer {round}")).Id.ShouldBe(answered.Id);
            answered.Id.ShouldBe(asked.Id + 1);
            var took = Stopwatch.GetElapsedTime(started);
            Slowest = took > Slowest ? took : Slowest;
            Interlocked.Increment(ref _rounds);
            await pace.WaitForNextTickAsync();
        }
    }
}
