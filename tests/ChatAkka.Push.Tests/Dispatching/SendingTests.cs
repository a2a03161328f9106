using ChatAkka.Domain.Identity;
using ChatAkka.Domain.Push;
using ChatAkka.Push.Tests.Support;

namespace ChatAkka.Push.Tests.Dispatching;

/// <summary>Each push is sent once, when it is due, by as many as may.</summary>
public sealed class SendingTests : DispatcherTest
{
    [Fact]
    public async Task Push_is_sent_as_soon_as_it_is_put_in_and_says_how_things_are_now()
    {
        await StartAsync();
        await AddAsync(9);

        (await Sender.NextAsync()).ShouldBe(new PushNotification(
            "store-1",
            new UserId("9"),
            Group,
            FakeFacts.Facts.Kind,
            "The group",
            new UserId("345"),
            "Ann",
            17,
            ManualTime.Start,
            3,
            "hello there"));
        await RowsBecome("1: 0 failed, done");
    }

    [Fact]
    public async Task Push_that_was_put_in_before_the_start_is_sent()
    {
        await AddAsync(9);
        await StartAsync();

        (await Sender.NextAsync()).Id.ShouldBe("store-1");
    }

    [Fact]
    public async Task Push_is_sent_once_however_many_messages_come()
    {
        await StartAsync();
        await AddAsync(9);
        await RowsBecome("1: 0 failed, done");
        await AddAsync(9);
        await AddAsync(9, 10);
        await RowsBecome("1: 0 failed, done", "2: 0 failed, done");

        (await Sender.NextAsync()).Id.ShouldBe("store-1");
        (await Sender.NextAsync()).Id.ShouldBe("store-2");
        Sender.HasMore.ShouldBeFalse();
    }

    [Fact]
    public async Task Push_with_nothing_to_say_any_more_is_dropped_unsent()
    {
        Facts.Find = () => null;
        await StartAsync();
        await AddAsync(9);

        await RowsBecome("1: 0 failed, done");
        Sender.HasMore.ShouldBeFalse();
    }

    [Fact]
    public async Task No_more_are_sent_at_a_time_than_may_and_none_twice()
    {
        var gate = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        Sender.Answer = async _ =>
        {
            await gate.Task;
            return new PushOutcome.Delivered();
        };
        await StartAsync();
        int[] users = [.. Enumerable.Range(1, 50)];
        await AddAsync(users[..2]);
        var first = await Sender.NextAsync();
        var second = await Sender.NextAsync();

        // Every signal makes the dispatcher look again, while the first two are due still.
        foreach (var user in users[2..])
        {
            await AddAsync(user);
        }

        List<string> sent = [first.Id, second.Id, (await Sender.NextAsync()).Id];
        Sender.HasMore.ShouldBeFalse("three are under way");
        gate.SetResult();
        while (sent.Count < users.Length)
        {
            sent.Add((await Sender.NextAsync()).Id);
        }

        await Outbox.Becomes(outbox => outbox.Rows.All(row => row.EndsWith("done", StringComparison.Ordinal)), "all pushes to be done");
        sent.ShouldBe(users.Select(user => $"store-{user}"), ignoreOrder: true);
        Sender.HasMore.ShouldBeFalse();
        Sender.Most.ShouldBe(3);
    }

    [Fact]
    public async Task Push_that_is_slow_holds_up_no_other()
    {
        var slow = new TaskCompletionSource<PushOutcome>(TaskCreationOptions.RunContinuationsAsynchronously);
        Sender.Answer = push => push.Id == "store-1" ? slow.Task : Task.FromResult<PushOutcome>(new PushOutcome.Delivered());
        await StartAsync();
        await AddAsync([.. Enumerable.Range(1, 20)]);

        await Outbox.Becomes(
            outbox => outbox.Rows.Skip(1).All(row => row.EndsWith("done", StringComparison.Ordinal)), "the others to be done");
        Outbox.Rows[0].ShouldBe("1: 0 failed, due at 0");
        slow.SetResult(new PushOutcome.Delivered());
        await Outbox.Becomes(outbox => outbox.Rows[0] == "1: 0 failed, done", "the slow one to be done");
    }

    [Theory]
    [InlineData("hello", 100, "hello")]
    [InlineData("hello", 5, "hello")]
    [InlineData("hello", 4, "hell")]
    [InlineData("hello", 0, "")]
    [InlineData("a😀😀b", 2, "a😀")]
    [InlineData("a😀😀b", 3, "a😀😀")]
    [InlineData("😀", 1, "😀")]
    public async Task Preview_is_cut_between_code_points(string text, int length, string preview)
    {
        Facts.Find = () => FakeFacts.Facts with { Text = text };
        Options = Options with { PreviewLength = length };
        await StartAsync();
        await AddAsync(9);

        (await Sender.NextAsync()).Preview.ShouldBe(preview);
    }
}
