using ChatAkka.Storage;
using ChatAkka.Storage.Contents;
using ChatAkka.Transfer.Exports;
using ChatAkka.Transfer.Files;
using ChatAkka.Transfer.Imports;
using ChatAkka.Transfer.Tests.Stores;

namespace ChatAkka.Transfer.Tests;

/// <summary>What isn't a whole export isn't imported, and a store that has something in it isn't imported into. Each refusal is a sentence
/// that says where and not what.</summary>
public sealed class ImportRefusalTests : IAsyncLifetime
{
    private readonly TransferDirectory _directory = new();
    private ChatStore _target = null!;

    public async Task InitializeAsync()
    {
        await using (var source = await StoreKind.Sqlite.CreateAsync(_directory.At("source")))
        {
            await SampleStore.FillAsync(source);
            await ExportAsync(source, _directory.Export);
        }

        _target = await StoreKind.Sqlite.CreateAsync(_directory.At("target"));
    }

    public async Task DisposeAsync()
    {
        await _target.DisposeAsync();
        _directory.Dispose();
    }

    [SkippableFact]
    public async Task Directory_without_manifest_is_refused_as_interrupted()
    {
        File.Delete(Path.Combine(_directory.Export, ExportManifest.FileName));

        (await RefusalAsync()).ShouldEndWith("has no manifest.json: it holds no export, or one that was interrupted.");

        await ShouldBeUntouchedAsync();
    }

    [SkippableFact]
    public async Task Directory_that_is_not_there_is_refused()
    {
        Directory.Delete(_directory.Export, recursive: true);

        (await RefusalAsync()).ShouldContain(_directory.Export);
    }

    [SkippableTheory]
    [InlineData("", "can't be read")]
    [InlineData("{", "can't be read")]
    [InlineData("[]", "can't be read")]
    [InlineData("{}", "can't be read")]
    [InlineData("""{"format":1}""", "can't be read")]
    [InlineData("""{"format":"1"}""", "can't be read")]
    [InlineData("""{"format":1,"program":"ChatAkka","at":1,"lines":null}""", "can't be read")]
    [InlineData("""{"format":2,"lines":"what a newer version writes"}""", "it was written by a newer version")]
    [InlineData("""{"format":1,"program":"ChatAkka","at":1,"lines":{}}""", "doesn't say how many lines users.jsonl has")]
    public async Task Manifest_that_this_version_does_not_read_is_refused(string manifest, string reason)
    {
        File.WriteAllText(Path.Combine(_directory.Export, ExportManifest.FileName), manifest);

        (await RefusalAsync()).ShouldContain(reason);

        await ShouldBeUntouchedAsync();
    }

    [SkippableTheory]
    [InlineData("account", "\"created_at\"", "\"secret\"", "Line 2 of account.jsonl has no 'created_at'.")]
    [InlineData("users", "\"id\":\"2\"", "\"id\":\"3\"", "Line 2 of users.jsonl has event 3 where event 2 must follow.")]
    [InlineData("timelines", "\"type\":\"", "\"type\":\"secret", "Line 2 of timelines.jsonl is of a type that this version doesn't know.")]
    [InlineData("timelines", "{", "secret", "Line 2 of timelines.jsonl isn't JSON.")]
    [InlineData("timelines", "hello", "secret", "Line 2 of timelines.jsonl has a 'raw' that says something else than its other fields.")]
    [InlineData("timelines", "\"raw\":\"", "\"raw\":\"////", "Line 2 of timelines.jsonl has a 'raw' that says something else than its other fields.")]
    [InlineData("channels", "\"head\":\"13\"", "\"head\":\"14\"", "Line 2 of channels.jsonl doesn't match timelines.jsonl, where channel 7298340912353280 ends at event 13.")]
    public async Task Line_that_can_not_be_read_is_named_by_file_and_number(string kind, string part, string instead, string expected)
    {
        var lines = _directory.Read(kind);
        lines[1].ShouldContain(part);
        lines[1] = lines[1].Replace(part, instead, StringComparison.Ordinal);
        _directory.Write(kind, lines);

        await ShouldFailHalfwayAsync(expected);
    }

    [SkippableTheory]
    [InlineData("receipt", 3, "receipt.jsonl has 2 lines, but should have 3: the export isn't whole.")]
    [InlineData("users", 7, "users.jsonl has 6 lines, but should have 7: the export isn't whole.")]
    [InlineData("timelines", 2, "Line 2 of timelines.jsonl has event 3 where event 2 must follow.")]
    [InlineData("timelines", 3, "Line 1 of channels.jsonl doesn't match timelines.jsonl, where channel 7298340912345088-7298340912345089 ends at event 2.")]
    [InlineData("timelines", 3_016, "Line 3 of channels.jsonl doesn't match timelines.jsonl, where channel 7298340912353281 ends at event 2999.")]
    [InlineData("channels", 3, "channels.jsonl lacks a line for channel 7298340912353281.")]
    public async Task Line_that_is_missing_is_noticed(string kind, int number, string expected)
    {
        var lines = _directory.Read(kind).ToList();
        lines.RemoveAt(number - 1);
        _directory.Write(kind, lines);

        await ShouldFailHalfwayAsync(expected);
    }

    [SkippableTheory]
    [InlineData("account", 1, 4, "Lines 1 to 4 of account.jsonl can't be stored: one of them contradicts another, or names what isn't there.")]
    [InlineData("users", 1, 2, "Line 2 of users.jsonl has event 1 where event 2 must follow.")]
    [InlineData("users", 1, 8, "users.jsonl has 8 lines, but should have 7: the export isn't whole.")]
    [InlineData("channels", 3, 4, "Line 4 of channels.jsonl is of a channel without a timeline.")]
    public async Task Line_that_is_there_twice_is_noticed(string kind, int number, int again, string expected)
    {
        var lines = _directory.Read(kind).ToList();
        lines.Insert(again - 1, lines[number - 1]);
        _directory.Write(kind, lines);

        await ShouldFailHalfwayAsync(expected);
    }

    [SkippableFact]
    public async Task Journal_that_begins_twice_is_noticed()
    {
        // In the place of the last line of the other user, so that their number is right.
        var lines = _directory.Read("users");
        lines[^1] = lines[0];
        _directory.Write("users", lines);

        await ShouldFailHalfwayAsync("The export has event 1 of 'user-7298340912345088' twice, or somebody else writes to the store.");
    }

    [SkippableFact]
    public async Task File_that_is_missing_is_named()
    {
        File.Delete(ExportFiles.Lines(_directory.Export, ExportFiles.Users));

        var refusal = await RefusalAsync();

        refusal.ShouldContain("users.jsonl");
        (await _target.HasUnfinishedImportAsync(CancellationToken.None)).ShouldBeTrue();
    }

    [SkippableFact]
    public async Task Store_with_a_row_is_refused_and_left_alone()
    {
        await _target.Contents.AddAsync(StoredTable.All[0], [SampleRows.All["account"][1]], CancellationToken.None);

        (await RefusalAsync()).ShouldBe($"The store in {_target.Location} isn't empty: import into a new one.");

        await ShouldBeUntouchedAsync();
    }

    [SkippableFact]
    public async Task Store_with_an_event_is_refused_and_left_alone()
    {
        await _target.Journal.AppendAsync([SampleStore.Row(SampleStore.Group, SampleStore.Events[0])], CancellationToken.None);
        var image = await StoreImage.OfAsync(_target);

        (await RefusalAsync()).ShouldBe($"The store in {_target.Location} isn't empty: import into a new one.");

        (await StoreImage.OfAsync(_target)).ShouldBe(image);
    }

    [SkippableFact]
    public async Task Store_of_an_import_that_did_not_finish_is_neither_imported_into_nor_exported()
    {
        await ImportMark.SetAsync(_target.Journal, CancellationToken.None);

        (await RefusalAsync()).ShouldBe($"The store in {_target.Location} holds an import that didn't finish: empty it, then import again.");

        (await Should.ThrowAsync<TransferException>(ExportAsync(_target, _directory.At("again")))).Message.ShouldContain("didn't finish");
        Directory.Exists(_directory.At("again")).ShouldBeFalse();
    }

    private async Task ShouldFailHalfwayAsync(string expected)
    {
        var refusal = await RefusalAsync();

        refusal.ShouldStartWith(expected);
        refusal.ShouldEndWith($"The store in {_target.Location} holds a part of the import: empty it, then import again.");
        (await _target.HasUnfinishedImportAsync(CancellationToken.None)).ShouldBeTrue();
    }

    private async Task<string> RefusalAsync()
    {
        var refusal = await Should.ThrowAsync<TransferException>(ImportAsync());
        refusal.ToString().ShouldNotContain("secret");
        return refusal.Message;
    }

    private Task ImportAsync() =>
        Import.RunAsync(_target, _directory.Export, new TransferProgress(TextWriter.Null, isQuiet: true, TimeProvider.System), CancellationToken.None);

    private static Task ExportAsync(ChatStore store, string directory) => Export.RunAsync(
        store, directory, new TransferProgress(TextWriter.Null, isQuiet: true, TimeProvider.System), TimeProvider.System, CancellationToken.None);

    private async Task ShouldBeUntouchedAsync()
    {
        (await _target.HasUnfinishedImportAsync(CancellationToken.None)).ShouldBeFalse();
        (await _target.Contents.PersistenceIdsAsync(CancellationToken.None).AnyAsync()).ShouldBeFalse();
    }
}
