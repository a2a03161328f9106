using ChatAkka.Domain.Channels;
using ChatAkka.Domain.Identity;
using ChatAkka.Storage;
using ChatAkka.Storage.Journals;
using ChatAkka.Transfer.Exports;
using ChatAkka.Transfer.Files;
using ChatAkka.Transfer.Imports;
using ChatAkka.Transfer.Tests.Stores;

namespace ChatAkka.Transfer.Tests;

/// <summary>What this version can't carry is not left out: the export ends with a sentence, and isn't one.</summary>
public sealed class ExportRefusalTests : IAsyncLifetime
{
    private static readonly JournalRow[] Timeline = [.. SampleStore.Events.Select(e => SampleStore.Row(SampleStore.Group, e))];

    private readonly TransferDirectory _directory = new();
    private ChatStore _store = null!;

    public async Task InitializeAsync() => _store = await StoreKind.Sqlite.CreateAsync(_directory.At("store"));

    public async Task DisposeAsync()
    {
        await _store.DisposeAsync();
        _directory.Dispose();
    }

    [SkippableFact]
    public async Task Directory_with_something_in_it_is_refused()
    {
        Directory.CreateDirectory(_directory.Export);
        File.WriteAllText(Path.Combine(_directory.Export, "mine.txt"), "mine");

        (await RefusalAsync()).ShouldBe($"The directory '{_directory.Export}' isn't empty: export into a new one.");

        File.ReadAllText(Directory.GetFiles(_directory.Export).ShouldHaveSingleItem()).ShouldBe("mine");
    }

    [SkippableFact]
    public async Task Export_that_was_interrupted_has_no_manifest_and_is_not_imported()
    {
        await AppendAsync([.. Timeline, Timeline[1] with { SequenceNr = 14, Manifest = "?" }]);
        await RefusalAsync();
        await using var target = await StoreKind.Sqlite.CreateAsync(_directory.At("target"));

        File.Exists(ExportFiles.Lines(_directory.Export, ExportFiles.Timelines)).ShouldBeTrue();
        (await Should.ThrowAsync<TransferException>(Import.RunAsync(target, _directory.Export, Quiet(), CancellationToken.None)))
            .Message.ShouldContain("interrupted");
    }

    [SkippableTheory]
    [InlineData("?", 7301)]
    [InlineData("j", 7301)]
    [InlineData("m", 1)]
    public async Task Event_of_a_type_that_this_version_does_not_know_is_refused(string manifest, int serializer)
    {
        await AppendAsync([Timeline[0], Timeline[1] with { Manifest = manifest, SerializerId = serializer }]);

        (await RefusalAsync()).ShouldBe($"Event 2 of channel {SampleStore.Group} can't be read by this version: export with the one that wrote it.");
    }

    [SkippableFact]
    public async Task Event_with_a_value_that_this_version_has_no_word_for_is_refused()
    {
        var ann = new UserId("7298340912345088");
        await AppendAsync([Timeline[0], SampleStore.Row(SampleStore.Group, new MemberAdded(2, 0, 1, ann, new UserId("3"), (MemberRole)9))]);

        (await RefusalAsync()).ShouldContain("can't be read by this version");
    }

    [SkippableFact]
    public async Task Event_that_is_no_longer_readable_is_refused()
    {
        await AppendAsync([Timeline[0], Timeline[1] with { Payload = [0xFF] }]);

        (await RefusalAsync()).ShouldContain("can't be read by this version");
    }

    [SkippableFact]
    public async Task Timeline_that_can_not_have_happened_is_refused()
    {
        await AppendAsync([Timeline[0], SampleStore.Row(SampleStore.Group, SampleStore.Events[0] with { Id = 2 })]);

        (await RefusalAsync()).ShouldContain($"Event 2 of channel {SampleStore.Group} can't have happened: the store is damaged.");
    }

    [SkippableFact]
    public async Task Journal_with_a_gap_is_refused()
    {
        await AppendAsync(Timeline);
        await _store.Journal.DeleteToAsync(Timeline[0].PersistenceId, 3, CancellationToken.None);

        (await RefusalAsync()).ShouldBe($"The journal of channel {SampleStore.Group} lacks event 1: the store is damaged.");
    }

    [SkippableTheory]
    [InlineData("room-1")]
    [InlineData("channel-room")]
    [InlineData("user-")]
    public async Task Journal_of_nobody_knows_whom_is_refused(string persistenceId)
    {
        await AppendAsync([Timeline[0] with { PersistenceId = persistenceId }]);

        (await RefusalAsync()).ShouldBe($"The store has a journal of '{persistenceId}', which this version doesn't know.");
    }

    private Task AppendAsync(JournalRow[] rows) => _store.Journal.AppendAsync(rows, CancellationToken.None);

    private async Task<string> RefusalAsync() => (await Should.ThrowAsync<TransferException>(
        Export.RunAsync(_store, _directory.Export, Quiet(), TimeProvider.System, CancellationToken.None))).Message;

    private static TransferProgress Quiet() => new(TextWriter.Null, isQuiet: true, TimeProvider.System);
}
