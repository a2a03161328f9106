using Akka.Actor;

namespace Akka.Embedded.Tests.Internals;

public sealed class MailboxTests
{
    private MessageNode? _last;
    private MessageNode? _first;

    [Fact]
    public void Enqueue_tells_who_made_the_queue_non_empty()
    {
        Enqueue(1).ShouldBeTrue();
        Enqueue(2).ShouldBeFalse();
        Dequeue().ShouldBe(1);
        Enqueue(3).ShouldBeFalse();
        Dequeue().ShouldBe(2);
        Dequeue().ShouldBe(3);
        Dequeue().ShouldBeNull();
        Enqueue(4).ShouldBeTrue();
    }

    [Fact]
    public void Empty_queue_holds_no_node()
    {
        Enqueue(1);
        Enqueue(2);
        Dequeue();
        Dequeue();
        (_last, _first).ShouldBe((null, null));
    }

    [Fact]
    public void Prepended_chain_comes_before_the_rest()
    {
        Enqueue(3);
        Prepend(1, 2);
        Enqueue(4);
        new[] { Dequeue(), Dequeue(), Dequeue(), Dequeue(), Dequeue() }.ShouldBe([1, 2, 3, 4, null]);
        Prepend(5, 6);
        Enqueue(7);
        new[] { Dequeue(), Dequeue(), Dequeue(), Dequeue() }.ShouldBe([5, 6, 7, null]);
    }

    [Fact]
    public async Task Nothing_is_lost_between_producers_and_a_consumer_that_prepends()
    {
        const int Producers = 4;
        const int Each = 50_000;
        var producers = Enumerable.Range(0, Producers).Select(producer => Task.Factory.StartNew(
            () =>
            {
                for (var i = 0; i < Each; i++)
                    Enqueue(producer * Each + i);
            },
            TaskCreationOptions.LongRunning)).ToArray();
        var next = new int[Producers];
        await Task.Factory.StartNew(
            () =>
            {
                for (var taken = 0; taken < Producers * Each;)
                {
                    if (Mailbox.Dequeue(ref _last, ref _first) is not { } node)
                        continue;
                    // Every so often one goes back and comes again.
                    if ((int)node.Message % 7 == 0 && node.Sender is null && taken % 2 == 0)
                    {
                        var again = new MessageNode(node.Message, ActorRefs.Nobody);
                        Mailbox.Prepend(ref _last, ref _first, again, again);
                        continue;
                    }

                    var (producer, number) = ((int)node.Message / Each, (int)node.Message % Each);
                    number.ShouldBe(next[producer]++);
                    taken++;
                }
            },
            TaskCreationOptions.LongRunning);
        await Task.WhenAll(producers);
        Dequeue().ShouldBeNull();
    }

    private bool Enqueue(int message) => Mailbox.Enqueue(ref _last, ref _first, new MessageNode(message, null));

    private object? Dequeue() => Mailbox.Dequeue(ref _last, ref _first)?.Message;

    private void Prepend(int first, int second)
    {
        var last = new MessageNode(second, null);
        Mailbox.Prepend(ref _last, ref _first, new MessageNode(first, null) { Next = last }, last);
    }
}
