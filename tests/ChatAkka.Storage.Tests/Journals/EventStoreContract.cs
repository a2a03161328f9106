using ChatAkka.Storage.Journals;
using ChatAkka.Storage.Tests.Conformance;

namespace ChatAkka.Storage.Tests.Journals;

/// <summary>What every event store must do (promises P1, P2 and P6).</summary>
public abstract class EventStoreContract<TStore> : StoreContract<TStore> where TStore : TestedStore, new()
{
    private const string Id = "channel-7001";
    private const string Other = "channel-7002";

    private IEventStore Events => Store.Journal;

    [SkippableFact]
    public async Task Append_then_read_returns_every_column_as_written()
    {
        JournalRow written = new("user-별이 '😀\"", 1, int.MaxValue, "채널", [0, 1, 255]);

        await Events.AppendAsync(written);

        var read = (await Events.ReadAsync(written.PersistenceId)).ShouldHaveSingleItem();
        read.Payload.ShouldBe(written.Payload);
        (read with { Payload = written.Payload }).ShouldBe(written);
    }

    [SkippableTheory]
    [InlineData(0)]
    [InlineData(1)]
    [InlineData(4_096)]
    [InlineData(400 * 1024)]
    public async Task Append_of_any_size_is_read_back_byte_for_byte(int size)
    {
        var payload = new byte[size];
        new Random(size).NextBytes(payload);

        await Events.AppendAsync(new JournalRow(Id, 1, 1, "", payload), new JournalRow(Id, 2, 1, "", payload));

        (await Events.ReadAsync(Id)).ShouldAllBe(row => row.Payload.SequenceEqual(payload));
        (await Events.HeadsAsync([Id], CancellationToken.None)).ShouldHaveSingleItem().Payload.ShouldBe(payload);
    }

    [SkippableFact]
    public async Task Append_of_a_taken_number_is_refused_and_changes_nothing()
    {
        await Events.AppendAsync(Rows.Row(Id, 1, "first"));

        var conflict = await Should.ThrowAsync<JournalConflictException>(Events.AppendAsync(Rows.Row(Id, 1, "second")));

        (conflict.PersistenceId, conflict.SequenceNr).ShouldBe((Id, 1));
        (await Events.ReadAsync(Id)).ShouldHaveSingleItem().Text().ShouldBe("first 1");
    }

    [SkippableFact]
    public async Task Append_of_several_events_of_which_one_is_taken_stores_none()
    {
        await Events.AppendAsync(Rows.Row(Id, 4));

        await Should.ThrowAsync<JournalConflictException>(Events.AppendAsync([.. Rows.Range(Other, 1, 2), .. Rows.Range(Id, 2, 5)]));

        (await Events.NumbersAsync(Id)).ShouldBe([4]);
        (await Events.NumbersAsync(Other)).ShouldBeEmpty();
        await Events.AppendAsync(Rows.Range(Other, 1, 2));
    }

    [SkippableFact]
    public async Task Append_that_has_a_number_twice_is_refused_and_leaves_it_free()
    {
        await Should.ThrowAsync<JournalConflictException>(Events.AppendAsync(Rows.Row(Id, 1), Rows.Row(Id, 2), Rows.Row(Id, 2)));

        (await Events.HighestAsync(Id)).ShouldBe(0);
        await Events.AppendAsync(Rows.Range(Id, 1, 2));
        (await Events.NumbersAsync(Id)).ShouldBe([1, 2]);
    }

    [SkippableFact]
    public async Task Conflict_of_one_append_fails_none_of_those_beside_it()
    {
        await Events.AppendAsync(Rows.Row($"{Id}-50", 1, "first"));

        Task[] appends = [.. Enumerable.Range(0, 100).Select(i => Events.AppendAsync(Rows.Row($"{Id}-{i}", 1, "second")))];

        await Should.ThrowAsync<JournalConflictException>(appends[50]);
        await Task.WhenAll(appends.Where((_, i) => i != 50)).Within("the innocent");
        (await Events.ReadAsync($"{Id}-50")).ShouldHaveSingleItem().Text().ShouldBe("first 1");
        (await Events.ReadAsync($"{Id}-51")).ShouldHaveSingleItem().Text().ShouldBe("second 1");
    }

    [SkippableFact]
    public async Task Append_by_two_racing_writers_lets_exactly_one_have_each_number()
    {
        const int rounds = 200;
        var outcomes = await Task.WhenAll(Race("left"), Race("right"));

        var rows = await Events.ReadAsync(Id);
        rows.Select(row => row.SequenceNr).ShouldBe(Enumerable.Range(1, rounds).Select(i => (long)i));
        foreach (var row in rows)
        {
            var winner = row.Text().Split(' ')[0];
            outcomes.Count(outcome => outcome.Won.Contains(row.SequenceNr)).ShouldBe(1);
            outcomes.Single(outcome => outcome.Won.Contains(row.SequenceNr)).Name.ShouldBe(winner);
        }

        async Task<(string Name, HashSet<long> Won)> Race(string name)
        {
            HashSet<long> won = [];
            for (var i = 1; i <= rounds; i++)
            {
                try
                {
                    await Events.AppendAsync(Rows.Row(Id, i, name));
                    won.Add(i);
                }
                catch (JournalConflictException)
                {
                    // The other was first.
                }
            }

            return (name, won);
        }
    }

    [SkippableFact]
    public async Task Append_for_a_thousand_ids_at_once_keeps_each_dense()
    {
        const int ids = 1_000;
        const int events = 10;

        await Task.WhenAll(Enumerable.Range(0, ids).Select(async id =>
        {
            for (var i = 1; i <= events; i++)
            {
                await Events.AppendAsync(Rows.Row($"user-{id}", i));
            }
        }));

        var heads = await Events.HeadsAsync([.. Enumerable.Range(0, ids + 1).Select(id => $"user-{id}")], CancellationToken.None);
        heads.Select(head => head.PersistenceId).ToHashSet().Count.ShouldBe(ids);
        heads.ShouldAllBe(head => head.SequenceNr == events && head.Text() == $"an event {events}");
        (await Events.NumbersAsync($"user-{ids / 2}")).ShouldBe(Enumerable.Range(1, events).Select(i => (long)i));
    }

    [SkippableTheory]
    [InlineData(1, long.MaxValue, long.MaxValue, false, 1, 2_500)]
    [InlineData(1, long.MaxValue, long.MaxValue, true, 2_500, 1)]
    [InlineData(long.MinValue, 3, 10, false, 1, 3)]
    [InlineData(5, 9, 3, false, 5, 7)]
    [InlineData(5, 9, 3, true, 9, 7)]
    [InlineData(900, 2_100, 1_150, false, 900, 2_049)]
    [InlineData(900, 2_100, 1_150, true, 2_100, 951)]
    [InlineData(2_500, 2_500, 1, true, 2_500, 2_500)]
    public async Task Read_of_a_range_returns_it_in_the_asked_direction(long from, long to, long limit, bool backward, int first, int last)
    {
        await Events.AppendAsync([.. Rows.Range("channel-7000", 1, 3), .. Rows.Range(Id, 1, 2_500), .. Rows.Range(Other, 1, 3)]);

        var step = first <= last ? 1 : -1;
        (await Events.NumbersAsync(Id, from, to, limit, backward))
            .ShouldBe(Enumerable.Range(0, Math.Abs(last - first) + 1).Select(i => (long)(first + (i * step))));
    }

    [SkippableTheory]
    [InlineData(Id, 4, 10, 10)]
    [InlineData(Id, 3, 2, 10)]
    [InlineData(Id, 1, 3, 0)]
    [InlineData("channel-unknown", 1, 10, 10)]
    public async Task Read_of_nothing_returns_nothing(string id, long from, long to, long limit)
    {
        await Events.AppendAsync(Rows.Range(Id, 1, 3));

        (await Events.NumbersAsync(id, from, to, limit)).ShouldBeEmpty();
        (await Events.NumbersAsync(id, from, to, limit, backward: true)).ShouldBeEmpty();
    }

    [SkippableFact]
    public async Task Read_while_writing_sees_a_dense_beginning_of_what_is_written()
    {
        const int events = 300;
        var writing = Write();
        var seen = 0;
        while (seen < events)
        {
            var done = writing.IsCompleted;
            var numbers = await Events.NumbersAsync(Id);
            numbers.ShouldBe(Enumerable.Range(1, numbers.Length).Select(i => (long)i));
            numbers.Length.ShouldBeGreaterThanOrEqualTo(done ? events : seen);
            (numbers.Length % 3).ShouldBe(0);
            seen = numbers.Length;
        }

        await writing;

        async Task Write()
        {
            for (var i = 1; i <= events; i += 3)
            {
                await Events.AppendAsync(Rows.Range(Id, i, i + 2));
            }
        }
    }

    [SkippableFact]
    public async Task Read_whose_receiver_throws_passes_it_on_and_leaves_the_store_usable()
    {
        await Events.AppendAsync(Rows.Range(Id, 1, 3));

        await Should.ThrowAsync<InvalidTimeZoneException>(
            Events.ReadAsync(Id, 1, 3, 3, false, static _ => throw new InvalidTimeZoneException(), CancellationToken.None));

        (await Events.NumbersAsync(Id)).ShouldBe([1, 2, 3]);
    }

    [SkippableFact]
    public async Task Highest_survives_the_deletion_of_what_had_it()
    {
        (await Events.HighestAsync(Id)).ShouldBe(0);
        await Events.AppendAsync(Rows.Range(Id, 1, 5));
        (await Events.HighestAsync(Id)).ShouldBe(5);

        await Events.DeleteToAsync(Id, 3);
        (await Events.NumbersAsync(Id)).ShouldBe([4, 5]);
        (await Events.HighestAsync(Id)).ShouldBe(5);

        await Events.DeleteToAsync(Id, long.MaxValue);
        (await Events.NumbersAsync(Id)).ShouldBeEmpty();
        (await Events.HighestAsync(Id)).ShouldBe(5);
        (await Events.HeadsAsync([Id], CancellationToken.None)).ShouldBeEmpty();

        await Events.AppendAsync(Rows.Row(Id, 6));
        (await Events.HighestAsync(Id)).ShouldBe(6);
    }

    [SkippableFact]
    public async Task Highest_waits_for_writes_that_were_accepted_before()
    {
        for (var i = 1; i <= 50; i++)
        {
            var append = Events.AppendAsync(Rows.Row(Id, i));
            (await Events.HighestAsync(Id)).ShouldBe(i);
            await append;
        }
    }

    [SkippableFact]
    public async Task Append_of_a_deleted_number_is_refused()
    {
        await Events.AppendAsync(Rows.Range(Id, 1, 5));
        await Events.DeleteToAsync(Id, 4);

        await Should.ThrowAsync<JournalConflictException>(Events.AppendAsync(Rows.Row(Id, 4)));
        await Should.ThrowAsync<JournalConflictException>(Events.AppendAsync(Rows.Row(Id, 5)));
        await Events.AppendAsync(Rows.Row(Id, 6));
    }

    [SkippableFact]
    public async Task Deletion_of_one_id_leaves_the_others()
    {
        await Events.AppendAsync([.. Rows.Range(Id, 1, 3), .. Rows.Range(Other, 1, 3)]);

        await Events.DeleteToAsync(Id, 3);
        await Events.DeleteToAsync("channel-unknown", 3);

        (await Events.NumbersAsync(Other)).ShouldBe([1, 2, 3]);
    }

    [SkippableFact]
    public async Task Heads_of_many_ids_are_those_that_have_events()
    {
        string[] ids = [.. Enumerable.Range(0, 1_200).Select(i => $"channel-{i}")];
        await Events.AppendAsync([.. ids.SelectMany((id, i) => Rows.Range(id, 1, 1 + (i % 3)))]);

        var heads = await Events.HeadsAsync([.. ids, "channel-unknown", "'); DROP TABLE event --"], CancellationToken.None);

        heads.ToDictionary(head => head.PersistenceId, head => head.SequenceNr)
            .ShouldBe(ids.Select((id, i) => KeyValuePair.Create(id, 1L + (i % 3))), ignoreOrder: true);
        (await Events.HeadsAsync([], CancellationToken.None)).ShouldBeEmpty();
    }

    [SkippableFact]
    public async Task Heads_with_huge_payloads_are_read_back_byte_for_byte()
    {
        string[] ids = [.. Enumerable.Range(0, 20).Select(i => $"channel-{i}")];
        await Task.WhenAll(ids.Select((id, i) => Events.AppendAsync(Rows.Row(id, 1), Rows.Row(id, 2) with { Payload = Huge(i) })))
            .Within("the appends");

        var heads = await Events.HeadsAsync(ids, CancellationToken.None);

        heads.Count.ShouldBe(ids.Length);
        foreach (var head in heads)
        {
            head.SequenceNr.ShouldBe(2);
            head.Payload.ShouldBe(Huge(Array.IndexOf(ids, head.PersistenceId)));
        }

        static byte[] Huge(int seed)
        {
            var payload = new byte[400 * 1024];
            new Random(seed).NextBytes(payload);
            return payload;
        }
    }

    [SkippableFact]
    public async Task Ids_are_told_apart_to_the_letter()
    {
        string[] ids = ["channel-a", "channel-A", "channel-a ", "channel-á", "channel-a\u0301", "channel_a", "channel%", "CHANNEL-A"];
        await Task.WhenAll(ids.Select((id, i) => Events.AppendAsync(Rows.Range(id, 1, i + 1)))).Within("the appends");

        foreach (var (i, id) in ids.Index())
        {
            (await Events.HighestAsync(id)).ShouldBe(i + 1, id);
        }

        (await Events.HeadsAsync(ids, CancellationToken.None)).ToDictionary(head => head.PersistenceId, head => head.SequenceNr)
            .ShouldBe(ids.Select((id, i) => KeyValuePair.Create(id, i + 1L)), ignoreOrder: true);
    }

    [SkippableFact]
    public async Task Everything_is_there_after_the_store_was_reopened()
    {
        await Events.AppendAsync(Rows.Range(Id, 1, 5));
        await Events.AppendAsync(Rows.Range(Other, 1, 2));
        await Events.DeleteToAsync(Id, 2);
        await Events.DeleteToAsync(Other, 2);

        await Tested.ReopenAsync();

        (await Events.NumbersAsync(Id)).ShouldBe([3, 4, 5]);
        (await Events.HighestAsync(Other)).ShouldBe(2);
        await Should.ThrowAsync<JournalConflictException>(Events.AppendAsync(Rows.Row(Other, 2)));
        await Events.AppendAsync(Rows.Row(Other, 3));
    }
}
