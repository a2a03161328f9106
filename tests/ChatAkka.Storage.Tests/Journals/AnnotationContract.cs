using ChatAkka.Storage.Journals;
using ChatAkka.Storage.Tests.Conformance;

namespace ChatAkka.Storage.Tests.Journals;

/// <summary>What every event store must do with annotations.</summary>
public abstract class AnnotationContract<TStore> : StoreContract<TStore> where TStore : TestedStore, new()
{
    private const string Id = "channel-7001";
    private const string Other = "channel-7002";

    private IEventStore Events => Store.Journal;

    [SkippableFact]
    public async Task Annotations_of_a_range_are_the_newest_of_each_slot()
    {
        await Events.AppendAsync(Rows.Range(Id, 1, 9));
        await Events.AppendAsync(Annotation(10, 2, "t"), Annotation(11, 2, "r"), Annotation(12, 3, "t"), Annotation(13, 2, "t"));
        await Events.AppendAsync(Annotation(14, 9, "t"));
        await Events.AppendAsync(Rows.Row(Other, 1), Annotation(2, 1, "t", Other));

        (await AnnotationsAsync(2, 3)).ShouldBe([11, 12, 13]);
        (await AnnotationsAsync(3, 8)).ShouldBe([12]);
        (await AnnotationsAsync(4, 8)).ShouldBeEmpty();
        (await AnnotationsAsync(-1, long.MaxValue)).ShouldBe([11, 12, 13, 14]);
        (await Events.AnnotationsAsync("nobody", 1, 9, CancellationToken.None)).ShouldBeEmpty();
        (await Events.AnnotationsAsync(Other, 1, 9, CancellationToken.None)).ShouldHaveSingleItem().Text().ShouldBe("an annotation 2");
    }

    [SkippableFact]
    public async Task Annotation_that_was_not_stored_does_not_count()
    {
        await Events.AppendAsync(Rows.Range(Id, 1, 2));

        await Should.ThrowAsync<JournalConflictException>(Events.AppendAsync(Annotation(3, 1, "t"), Rows.Row(Id, 2)));

        (await AnnotationsAsync(1, 2)).ShouldBeEmpty();
    }

    [SkippableFact]
    public async Task Annotations_of_deleted_events_are_gone()
    {
        await Events.AppendAsync(Rows.Range(Id, 1, 2));
        await Events.AppendAsync(Annotation(3, 1, "t"), Annotation(4, 2, "t"));

        await Events.DeleteToAsync(Id, 1);

        (await AnnotationsAsync(1, 9)).ShouldBe([4]);
    }

    [SkippableFact]
    public async Task Annotation_of_a_slot_twice_in_one_append_is_the_later()
    {
        await Events.AppendAsync(Rows.Row(Id, 1), Annotation(2, 1, "t"), Annotation(3, 1, "r"), Annotation(4, 1, "t"));
        (await AnnotationsAsync(1, 1)).ShouldBe([3, 4]);

        await Events.AppendAsync(Annotation(5, 1, "t"), Annotation(6, 1, "t"));
        (await AnnotationsAsync(1, 1)).ShouldBe([3, 6]);
    }

    [SkippableFact]
    public async Task Slots_are_told_apart_to_the_letter()
    {
        string[] slots = ["t", "T", "t ", "", "r:👍", "r:👍🏽", "é", "e\u0301"];
        await Events.AppendAsync(Rows.Row(Id, 1));

        await Events.AppendAsync([.. slots.Select((slot, i) => Annotation(2 + i, 1, slot))]);

        (await AnnotationsAsync(1, 1)).ShouldBe(Enumerable.Range(2, slots.Length).Select(i => (long)i));
    }

    [SkippableFact]
    public async Task Huge_annotation_is_read_back_byte_for_byte()
    {
        var payload = new byte[400 * 1024];
        new Random(1).NextBytes(payload);
        await Events.AppendAsync(Rows.Row(Id, 1), Annotation(2, 1, "t") with { Payload = payload });

        (await Events.AnnotationsAsync(Id, 1, 1, CancellationToken.None)).ShouldHaveSingleItem().Payload.ShouldBe(payload);
    }

    [SkippableFact]
    public async Task Annotations_are_there_after_a_restart()
    {
        await Events.AppendAsync(Rows.Range(Id, 1, 2));
        await Events.AppendAsync(Annotation(3, 1, "t"), Annotation(4, 1, "t"), Annotation(5, 2, "t"));

        await Tested.ReopenAsync();

        (await AnnotationsAsync(1, 2)).ShouldBe([4, 5]);
    }

    private static JournalRow Annotation(long sequenceNr, long target, string slot, string id = Id) =>
        Rows.Row(id, sequenceNr, "an annotation") with { Annotates = (target, slot) };

    private async Task<long[]> AnnotationsAsync(long from, long to) =>
        [.. (await Events.AnnotationsAsync(Id, from, to, CancellationToken.None)).Select(row => row.SequenceNr).Order()];
}
