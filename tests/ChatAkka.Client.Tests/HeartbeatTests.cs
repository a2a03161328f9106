using ChatAkka.Client.Events;
using ChatAkka.Client.Sessions;
using ChatAkka.Client.Tests.Support;
using ChatAkka.Protocol;

namespace ChatAkka.Client.Tests;

public sealed class HeartbeatTests : ClientTest
{
    private static readonly TimeSpan Interval = TimeSpan.FromSeconds(5);

    [Fact]
    public async Task Client_shows_that_it_is_there_and_asks_when_the_server_is_silent()
    {
        var (_, connection, _) = await ConnectAsync();

        Time.Advance(Interval);
        (await connection.TakeAsync("heartbeat")).TryGetProperty("ref", out _).ShouldBeFalse();
        Time.Advance(Interval);
        (await connection.TakeAsync("heartbeat")).TryGetProperty("ref", out _).ShouldBeTrue();
    }

    [Fact]
    public async Task Server_that_says_nothing_is_taken_for_dead()
    {
        var (_, connection, reader) = await ConnectAsync();

        for (var i = 0; i < 6; i++)
        {
            Time.Advance(Interval);
        }

        (await reader.NextAsync<ConnectionChanged>(c => c.State == ConnectionState.Waiting)).CloseCode.ShouldBe(CloseCode.HeartbeatTimeout);
        connection.Untaken().Count.ShouldBe(5);
        await Server.WelcomeLaterAsync(Time);
    }

    [Fact]
    public async Task Server_that_answers_is_not()
    {
        var (client, connection, reader) = await ConnectAsync();

        for (var i = 0; i < 12; i++)
        {
            Time.Advance(Interval);
            connection.Send("""{"op":"typing","channel":"5","user":"7"}""");
            await reader.NextAsync<UserTyping>();
        }

        client.State.ShouldBe(ConnectionState.Connected);
    }

    [Fact]
    public async Task Silence_means_nothing_while_the_client_does_not_listen()
    {
        var (client, connection, reader) = await ConnectAsync(Options with { EventBuffer = 2 });
        foreach (var id in Frames.Ids(1, 9))
        {
            connection.SendEvent(id);
        }

        await Wait.UntilAsync("the buffer is full", () => connection.Read >= 2);
        for (var i = 0; i < 12; i++)
        {
            Time.Advance(Interval);
            await connection.TakeAsync("heartbeat");
        }

        client.State.ShouldBe(ConnectionState.Connected);
        (await reader.IdsAsync(9)).ShouldBe(Frames.Ids(1, 9));
    }

    [Fact]
    public async Task Server_that_never_welcomes_the_client_is_given_up()
    {
        var client = NewClient();
        _ = client.ConnectAsync();
        await (await Server.AcceptAsync()).TakeAsync("hello");

        Time.Advance(Options.ConnectTimeout);

        await new Reader(client).NextAsync<ConnectionChanged>(c => c.State == ConnectionState.Waiting);
        await Server.WelcomeLaterAsync(Time);
    }

    [Fact]
    public async Task Server_that_does_not_answer_a_goodbye_is_not_waited_for_long()
    {
        var (client, connection, _) = await ConnectAsync();
        connection.IgnoresClose = true;
        var disposing = client.DisposeAsync().AsTask();
        await Wait.UntilAsync("the good-bye", () => connection.IsClosed);
        disposing.IsCompleted.ShouldBeFalse();

        await Time.AdvanceUntilAsync("the end", EndAsync(), TimeSpan.FromSeconds(1));

        async Task<bool> EndAsync()
        {
            await disposing;
            return true;
        }
    }

    [Fact]
    public void Backoff_doubles_up_to_its_bound_and_begins_again_after_a_stable_connection()
    {
        var options = new BackoffOptions { First = TimeSpan.FromSeconds(1), Longest = TimeSpan.FromSeconds(8), StableAfter = TimeSpan.FromSeconds(30) };
        var backoff = new Backoff(options, new Almost());

        Pauses(5).ShouldBe([1, 2, 4, 8, 8]);
        backoff.Held(TimeSpan.FromSeconds(29));
        Pauses(1).ShouldBe([8]);
        backoff.Held(TimeSpan.FromSeconds(30));
        Pauses(2).ShouldBe([1, 2]);
        Enumerable.Range(0, 100).Select(_ => backoff.Next()).ShouldAllBe(p => p <= options.Longest);

        double[] Pauses(int count) => [.. Enumerable.Range(0, count).Select(_ => Math.Round(backoff.Next().TotalSeconds))];
    }

    /// <summary>The largest number there is below 1.</summary>
    private sealed class Almost : Random
    {
        public override double NextDouble() => 0.999_999_9;
    }
}
