using ChatAkka.Storage.Sqlite;
using ChatAkka.Storage.Tests.Journals;

namespace ChatAkka.Storage.Tests.Processes;

/// <summary>A directory belongs to one process at a time.</summary>
public sealed class SqliteProcessTests : IDisposable
{
    private readonly TempDirectory _directory = new();

    private StorageOptions Options => new() { DataDirectory = _directory.Path };

    public void Dispose() => _directory.Dispose();

    [Fact]
    public async Task Second_process_on_the_same_directory_is_refused_with_a_sentence()
    {
        await using var store = SqliteStore.Open(Options, TimeProvider.System);

        using var child = new ChildProcess(ChildProgram.Open, Options);
        var (code, error) = await child.ExitedAsync();

        code.ShouldBe(1);
        error.ShouldContain("is in use by another process");
        error.ShouldContain("Storage:DataDirectory");
        await store.Journal.AppendAsync(Rows.Row("a", 1));
    }

    [Fact]
    public async Task Process_that_wants_the_directory_to_itself_is_refused_where_others_share_it_and_they_where_it_has_it()
    {
        await using (SqliteStore.OpenShared(Options, TimeProvider.System))
        {
            await ShouldBeRefusedAsync(isShared: false, "is in use by another process. ");
            using var another = new ChildProcess(ChildProgram.Open, Options, isShared: true);
            (await another.ExitedAsync()).ShouldBe((0, ""));
        }

        await using (SqliteStore.Open(Options, TimeProvider.System))
        {
            await ShouldBeRefusedAsync(isShared: true, "which is no node of a cluster");
        }

        async Task ShouldBeRefusedAsync(bool isShared, string why)
        {
            using var child = new ChildProcess(ChildProgram.Open, Options, isShared);
            var (code, error) = await child.ExitedAsync();
            code.ShouldBe(1);
            error.ShouldContain(why);
        }
    }

    [Fact]
    public async Task Process_that_shares_goes_on_when_another_was_killed_while_it_wrote()
    {
        await using var store = SqliteStore.OpenShared(Options, TimeProvider.System);
        for (var round = 1; round <= 3; round++)
        {
            using var child = new ChildProcess(ChildProgram.Write, Options, isShared: true);
            for (var i = 0; i < 200; i++)
            {
                await child.Output.ReadLineAsync().Within("an acknowledgement");
            }

            var write = store.Journal.AppendAsync(Rows.Row("a", round));
            child.Kill();
            await child.ExitedAsync();
            await write.Within("a write of the other");
        }

        (await store.Journal.NumbersAsync("a")).ShouldBe([1, 2, 3]);
        store.Health.State.ShouldBe(StorageState.Available);
    }

    [Fact]
    public async Task Directory_is_free_again_once_its_process_was_killed()
    {
        using (var child = new ChildProcess(ChildProgram.Write, Options))
        {
            await child.Output.ReadLineAsync().Within("an acknowledgement");
            child.Kill();
            await child.ExitedAsync();
        }

        await using var store = SqliteStore.Open(Options, TimeProvider.System);
        store.Health.State.ShouldBe(StorageState.Available);
    }
}
