using ChatAkka.Storage.Journals;

namespace ChatAkka.Storage.Tests.Journals;

/// <summary>
/// What every event store must do. A store joins by deriving one class that opens it; nothing here knows which one it is.
/// </summary>
public abstract class EventStoreContract : IAsyncLifetime
{
    private const string Id = "channel-7001";
    private const string Other = "channel-7002";

    private IEventStore _events = null!;

    public async Task InitializeAsync() => _events = await OpenAsync();

    public Task DisposeAsync() => CloseAsync();

    [Fact]
    public async Task Append_then_read_returns_every_column_as_written()
    {
        JournalRow written = new("user-별이 '😀\"", 1, int.MaxValue, "채널", [0, 1, 255]);

        await _events.AppendAsync(written);

        var read = (await _events.ReadAsync(written.PersistenceId)).ShouldHaveSingleItem();
        read.Payload.ShouldBe(written.Payload);
        (read with { Payload = written.Payload }).ShouldBe(written);
    }

    [Theory]
    [InlineData(0)]
    [InlineData(1)]
    [InlineData(4_096)]
    [InlineData(400 * 1024)]
    public async Task Append_of_any_size_is_read_back_byte_for_byte(int size)
    {
        var payload = new byte[size];
        new Random(size).NextBytes(payload);

        await _events.AppendAsync(new JournalRow(Id, 1, 1, "", payload), new JournalRow(Id, 2, 1, "", payload));

        (await _events.ReadAsync(Id)).ShouldAllBe(row => row.Payload.SequenceEqual(payload));
        (await _events.HeadsAsync([Id], CancellationToken.None)).ShouldHaveSingleItem().Payload.ShouldBe(payload);
    }

    [Fact]
    public async Task Append_of_a_taken_number_is_refused_and_changes_nothing()
    {
        await _events.AppendAsync(Rows.Row(Id, 1, "first"));

        var conflict = await Should.ThrowAsync<JournalConflictException>(_events.AppendAsync(Rows.Row(Id, 1, "second")));

        (conflict.PersistenceId, conflict.SequenceNr).ShouldBe((Id, 1));
        (await _events.ReadAsync(Id)).ShouldHaveSingleItem().Text().ShouldBe("first 1");
    }

    [Fact]
    public async Task Annotations_of_a_range_are_the_newest_of_each_slot()
    {
        await _events.AppendAsync(Rows.Range(Id, 1, 9));
        await _events.AppendAsync(Annotation(10, 2, "t"), Annotation(11, 2, "r"), Annotation(12, 3, "t"), Annotation(13, 2, "t"));
        await _events.AppendAsync(Annotation(14, 9, "t"));
        await _events.AppendAsync(Rows.Row(Other, 1), Annotation(2, 1, "t", Other));

        (await AnnotationsAsync(2, 3)).ShouldBe([11, 12, 13]);
        (await AnnotationsAsync(3, 8)).ShouldBe([12]);
        (await AnnotationsAsync(4, 8)).ShouldBeEmpty();
        (await AnnotationsAsync(-1, long.MaxValue)).ShouldBe([11, 12, 13, 14]);
        (await _events.AnnotationsAsync("nobody", 1, 9, CancellationToken.None)).ShouldBeEmpty();
        (await _events.AnnotationsAsync(Other, 1, 9, CancellationToken.None)).ShouldHaveSingleItem().Text().ShouldBe("an annotation 2");
    }

    [Fact]
    public async Task Annotation_that_was_not_stored_does_not_count()
    {
        await _events.AppendAsync(Rows.Range(Id, 1, 2));

        await Should.ThrowAsync<JournalConflictException>(_events.AppendAsync(Annotation(3, 1, "t"), Rows.Row(Id, 2)));

        (await AnnotationsAsync(1, 2)).ShouldBeEmpty();
    }

    [Fact]
    public async Task Annotations_of_deleted_events_are_gone()
    {
        await _events.AppendAsync(Rows.Range(Id, 1, 2));
        await _events.AppendAsync(Annotation(3, 1, "t"), Annotation(4, 2, "t"));

        await _events.DeleteToAsync(Id, 1);

        (await AnnotationsAsync(1, 9)).ShouldBe([4]);
    }

    [Fact]
    public async Task Append_of_several_events_of_which_one_is_taken_stores_none()
    {
        await _events.AppendAsync(Rows.Row(Id, 4));

        await Should.ThrowAsync<JournalConflictException>(_events.AppendAsync([.. Rows.Range(Other, 1, 2), .. Rows.Range(Id, 2, 5)]));

        (await _events.NumbersAsync(Id)).ShouldBe([4]);
        (await _events.NumbersAsync(Other)).ShouldBeEmpty();
        await _events.AppendAsync(Rows.Range(Other, 1, 2));
    }

    [Fact]
    public async Task Append_by_two_racing_writers_lets_exactly_one_have_each_number()
    {
        const int rounds = 200;
        var outcomes = await Task.WhenAll(Race("left"), Race("right"));

        var rows = await _events.ReadAsync(Id);
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
                    await _events.AppendAsync(Rows.Row(Id, i, name));
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

    [Fact]
    public async Task Append_for_a_thousand_ids_at_once_keeps_each_dense()
    {
        const int ids = 1_000;
        const int events = 10;

        await Task.WhenAll(Enumerable.Range(0, ids).Select(async id =>
        {
            for (var i = 1; i <= events; i++)
            {
                await _events.AppendAsync(Rows.Row($"user-{id}", i));
            }
        }));

        var heads = await _events.HeadsAsync([.. Enumerable.Range(0, ids + 1).Select(id => $"user-{id}")], CancellationToken.None);
        heads.Select(head => head.PersistenceId).ToHashSet().Count.ShouldBe(ids);
        heads.ShouldAllBe(head => head.SequenceNr == events && head.Text() == $"an event {events}");
        (await _events.NumbersAsync($"user-{ids / 2}")).ShouldBe(Enumerable.Range(1, events).Select(i => (long)i));
    }

    [Theory]
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
        await _events.AppendAsync([.. Rows.Range("channel-7000", 1, 3), .. Rows.Range(Id, 1, 2_500), .. Rows.Range(Other, 1, 3)]);

        var step = first <= last ? 1 : -1;
        (await _events.NumbersAsync(Id, from, to, limit, backward))
            .ShouldBe(Enumerable.Range(0, Math.Abs(last - first) + 1).Select(i => (long)(first + (i * step))));
    }

    [Theory]
    [InlineData(Id, 4, 10, 10)]
    [InlineData(Id, 3, 2, 10)]
    [InlineData(Id, 1, 3, 0)]
    [InlineData("channel-unknown", 1, 10, 10)]
    public async Task Read_of_nothing_returns_nothing(string id, long from, long to, long limit)
    {
        await _events.AppendAsync(Rows.Range(Id, 1, 3));

        (await _events.NumbersAsync(id, from, to, limit)).ShouldBeEmpty();
        (await _events.NumbersAsync(id, from, to, limit, backward: true)).ShouldBeEmpty();
    }

    [Fact]
    public async Task Read_while_writing_sees_a_dense_beginning_of_what_is_written()
    {
        const int events = 300;
        var writing = Write();
        var seen = 0;
        while (seen < events)
        {
            var done = writing.IsCompleted;
            var numbers = await _events.NumbersAsync(Id);
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
                await _events.AppendAsync(Rows.Range(Id, i, i + 2));
            }
        }
    }

    [Fact]
    public async Task Read_whose_receiver_throws_passes_it_on_and_leaves_the_store_usable()
    {
        await _events.AppendAsync(Rows.Range(Id, 1, 3));

        await Should.ThrowAsync<InvalidTimeZoneException>(
            _events.ReadAsync(Id, 1, 3, 3, false, static _ => throw new InvalidTimeZoneException(), CancellationToken.None));

        (await _events.NumbersAsync(Id)).ShouldBe([1, 2, 3]);
    }

    [Fact]
    public async Task Highest_survives_the_deletion_of_what_had_it()
    {
        (await _events.HighestAsync(Id)).ShouldBe(0);
        await _events.AppendAsync(Rows.Range(Id, 1, 5));
        (await _events.HighestAsync(Id)).ShouldBe(5);

        await _events.DeleteToAsync(Id, 3);
        (await _events.NumbersAsync(Id)).ShouldBe([4, 5]);
        (await _events.HighestAsync(Id)).ShouldBe(5);

        await _events.DeleteToAsync(Id, long.MaxValue);
        (await _events.NumbersAsync(Id)).ShouldBeEmpty();
        (await _events.HighestAsync(Id)).ShouldBe(5);
        (await _events.HeadsAsync([Id], CancellationToken.None)).ShouldBeEmpty();

        await _events.AppendAsync(Rows.Row(Id, 6));
        (await _events.HighestAsync(Id)).ShouldBe(6);
    }

    [Fact]
    public async Task Highest_waits_for_writes_that_were_accepted_before()
    {
        for (var i = 1; i <= 50; i++)
        {
            var append = _events.AppendAsync(Rows.Row(Id, i));
            (await _events.HighestAsync(Id)).ShouldBe(i);
            await append;
        }
    }

    [Fact]
    public async Task Append_of_a_deleted_number_is_refused()
    {
        await _events.AppendAsync(Rows.Range(Id, 1, 5));
        await _events.DeleteToAsync(Id, 4);

        await Should.ThrowAsync<JournalConflictException>(_events.AppendAsync(Rows.Row(Id, 4)));
        await Should.ThrowAsync<JournalConflictException>(_events.AppendAsync(Rows.Row(Id, 5)));
        await _events.AppendAsync(Rows.Row(Id, 6));
    }

    [Fact]
    public async Task Deletion_of_one_id_leaves_the_others()
    {
        await _events.AppendAsync([.. Rows.Range(Id, 1, 3), .. Rows.Range(Other, 1, 3)]);

        await _events.DeleteToAsync(Id, 3);
        await _events.DeleteToAsync("channel-unknown", 3);

        (await _events.NumbersAsync(Other)).ShouldBe([1, 2, 3]);
    }

    [Fact]
    public async Task Heads_of_many_ids_are_those_that_have_events()
    {
        string[] ids = [.. Enumerable.Range(0, 1_200).Select(i => $"channel-{i}")];
        await _events.AppendAsync([.. ids.SelectMany((id, i) => Rows.Range(id, 1, 1 + (i % 3)))]);

        var heads = await _events.HeadsAsync([.. ids, "channel-unknown", "'); DROP TABLE event --"], CancellationToken.None);

        heads.ToDictionary(head => head.PersistenceId, head => head.SequenceNr)
            .ShouldBe(ids.Select((id, i) => KeyValuePair.Create(id, 1L + (i % 3))), ignoreOrder: true);
        (await _events.HeadsAsync([], CancellationToken.None)).ShouldBeEmpty();
    }

    [Fact]
    public async Task Append_that_was_cancelled_before_it_began_stores_nothing()
    {
        await Should.ThrowAsync<OperationCanceledException>(_events.AppendAsync([Rows.Row(Id, 1)], new CancellationToken(canceled: true)));

        (await _events.HighestAsync(Id)).ShouldBe(0);
    }

    [Fact]
    public async Task Everything_is_there_after_the_store_was_reopened()
    {
        await _events.AppendAsync(Rows.Range(Id, 1, 5));
        await _events.AppendAsync(Rows.Range(Other, 1, 2));
        await _events.DeleteToAsync(Id, 2);
        await _events.DeleteToAsync(Other, 2);

        _events = await ReopenAsync();

        (await _events.NumbersAsync(Id)).ShouldBe([3, 4, 5]);
        (await _events.HighestAsync(Other)).ShouldBe(2);
        await Should.ThrowAsync<JournalConflictException>(_events.AppendAsync(Rows.Row(Other, 2)));
        await _events.AppendAsync(Rows.Row(Other, 3));
    }

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(3)]
    public async Task Any_sequence_of_operations_does_what_the_model_does(int seed)
    {
        var random = new Random(seed);
        var model = new EventStoreModel();
        string[] ids = ["a", "b", "c"];
        for (var step = 0; step < 400; step++)
        {
            var id = ids[random.Next(ids.Length)];
            switch (random.Next(100))
            {
                case < 55:
                    // Mostly the next numbers, sometimes taken ones.
                    var from = Math.Max(1, model.Highest(id) + 1 - (random.Next(4) == 0 ? random.Next(4) : 0));
                    var rows = Rows.Range(id, from, from + random.Next(4), $"step {step}");
                    (await Stored(_events.AppendAsync(rows))).ShouldBe(model.TryAppend(rows), $"append at step {step}");
                    break;
                case < 65:
                    var to = random.NextInt64(0, model.Highest(id) + 3);
                    await _events.DeleteToAsync(id, to);
                    model.DeleteTo(id, to);
                    break;
                case < 98:
                    var (low, high, limit, backward) = (random.NextInt64(0, 40), random.NextInt64(0, 80), random.Next(0, 20), random.Next(2) == 0);
                    (await _events.ReadAsync(id, low, high, limit, backward)).Select(row => (row.SequenceNr, row.Text()))
                        .ShouldBe(model.Read(id, low, high, limit, backward).Select(row => (row.SequenceNr, row.Text())), $"read at step {step}");
                    (await _events.HighestAsync(id)).ShouldBe(model.Highest(id), $"highest at step {step}");
                    break;
                default:
                    _events = await ReopenAsync();
                    break;
            }
        }

        static async Task<bool> Stored(Task append)
        {
            try
            {
                await append;
                return true;
            }
            catch (JournalConflictException)
            {
                return false;
            }
        }
    }

    /// <summary>Opens an empty store.</summary>
    private protected abstract Task<IEventStore> OpenAsync();

    /// <summary>Closes the store and opens it again, with what it had.</summary>
    private protected abstract Task<IEventStore> ReopenAsync();

    private protected abstract Task CloseAsync();

    private static JournalRow Annotation(long sequenceNr, long target, string slot, string id = Id) =>
        Rows.Row(id, sequenceNr, "an annotation") with { Annotates = (target, slot) };

    private async Task<long[]> AnnotationsAsync(long from, long to) =>
        [.. (await _events.AnnotationsAsync(Id, from, to, CancellationToken.None)).Select(row => row.SequenceNr).Order()];
}
