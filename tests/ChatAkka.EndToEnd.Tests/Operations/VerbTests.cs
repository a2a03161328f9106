using System.Net;
using ChatAkka.EndToEnd.Tests.Harness;
using ChatAkka.EndToEnd.Tests.Harness.Clients;
using ChatAkka.EndToEnd.Tests.Harness.Processes;
using ChatAkka.Tests.Processes;

namespace ChatAkka.EndToEnd.Tests.Operations;

/// <summary>What the program does besides serving, started as an operator starts it.</summary>
public sealed class VerbTests : EndToEndTest
{
    private const string Password = "correct horse battery";
    private const string DataDirectory = "--Storage:DataDirectory";

    private readonly TemporaryDirectory _directory = new();

    private string ExportDirectory => Path.Combine(_directory.Path, "export");

    private string NewData => Path.Combine(_directory.Path, "new-data");

    public override async Task DisposeAsync()
    {
        await base.DisposeAsync();
        _directory.Dispose();
    }

    [Fact]
    public async Task Chat_goes_on_in_the_store_that_it_was_imported_into()
    {
        var old = await StartServerAsync(ServerSettings.Unlimited);
        var (anna, ben) = (await JoinAsync(old, "anna"), await JoinAsync(old, "ben"));
        var group = await old.Api.CreateGroupAsync(anna, "등산 🏔️", ben);
        await old.Api.PostMessageAsync(anna, group, "c-1", "a text of \"quotes\" 👋 \u2028");
        await old.Api.PostMessageAsync(ben, group, "c-2", new string('가', 5_000));
        var socket = await ChatClient.ConnectAsync(old, anna.Token);
        (await socket.RequestAsync(new { op = "react", channel = group, id = "2", emoji = "👍" })).ShouldBeOk();
        await socket.DisposeAsync();
        var history = await old.Api.ReadAllAsync(ben, group);
        (await old.StopAsync()).ShouldBe(0);

        await ShouldSucceedAsync("export", ExportDirectory, DataDirectory, old.DataDirectory);
        await ShouldSucceedAsync("import", ExportDirectory, DataDirectory, NewData);
        var successor = await StartServerAsync(ServerSettings.Unlimited.With("Storage:DataDirectory", NewData));

        (await successor.Api.ReadAllAsync(ben, group)).Select(m => m.GetRawText()).ShouldBe(history.Select(m => m.GetRawText()));
        history.Count.ShouldBe(2);
        (await successor.Api.LogInAsync("anna", Password)).String("user_id").ShouldBe(anna.UserId);
        var repeated = await successor.Api.PostAsync($"/v1/channels/{group}/messages", new { client_id = "c-1", text = "with the token of before" }, anna.Token);
        repeated.ShouldBe(HttpStatusCode.OK).Json.Id().ShouldBe(2);
        (await successor.Api.PostMessageAsync(anna, group, "c-3", "something new")).ShouldBe(5);
    }

    [Fact]
    public async Task Store_that_is_in_use_is_not_exported()
    {
        var server = await StartServerAsync(ServerSettings.Unlimited);

        (await RefusalAsync("export", ExportDirectory, DataDirectory, server.DataDirectory)).ShouldContain("is in use by another process");

        Directory.Exists(ExportDirectory).ShouldBeFalse();
    }

    [Fact]
    public async Task Store_of_an_import_that_did_not_finish_is_not_served()
    {
        await ShouldSucceedAsync("migrate", DataDirectory, Path.Combine(_directory.Path, "empty"));
        await ShouldSucceedAsync("export", ExportDirectory, DataDirectory, Path.Combine(_directory.Path, "empty"));
        await File.AppendAllTextAsync(Path.Combine(ExportDirectory, "timelines.jsonl"), "{}\n");
        (await RefusalAsync("import", ExportDirectory, DataDirectory, NewData)).ShouldStartWith("Line 1 of timelines.jsonl ");

        (await RefusalAsync(DataDirectory, NewData, "--urls", $"http://127.0.0.1:{Ports.Next()}")).ShouldContain("holds an import that didn't finish");
    }

    [Fact]
    public async Task Serving_loads_nothing_of_the_verbs()
    {
        var server = await StartServerAsync(ServerSettings.Unlimited);

        var loaded = await File.ReadAllTextAsync($"/proc/{server.Pid}/maps");

        loaded.ShouldContain("/ChatAkka.Storage.dll");
        loaded.ShouldNotContain("/ChatAkka.Transfer.dll");
    }

    [Fact]
    public async Task Migrate_says_which_version_the_store_has_and_where_it_is()
    {
        (await ShouldSucceedAsync("migrate", DataDirectory, NewData)).ShouldMatch($"^The store in {NewData} has schema version [0-9]+\\.\n$");

        File.Exists(Path.Combine(NewData, "chatakka.db")).ShouldBeTrue();
    }

    [Fact]
    public async Task Store_that_can_not_be_opened_is_no_stack_trace()
    {
        await File.WriteAllTextAsync(NewData, "a file where the directory should be");

        (await RefusalAsync("migrate", DataDirectory, NewData)).ShouldContain("Storage:DataDirectory");
    }

    [Theory]
    [InlineData("--help")]
    [InlineData("-h")]
    [InlineData("help")]
    public async Task Help_names_the_verbs(string argument)
    {
        var output = await ShouldSucceedAsync(argument);

        new[] { "export DIR", "import DIR", "migrate" }.ShouldAllBe(verb => output.Contains(verb));
    }

    [Theory]
    [InlineData("is no verb", "exprot", "directory")]
    [InlineData("export DIR", "export")]
    [InlineData("export DIR", "export", "")]
    [InlineData("export DIR", "export", "--Storage:DataDirectory", "data")]
    [InlineData("import DIR", "import", "one", "another")]
    [InlineData("import DIR", "import", "one", "--Storage:DataDirectory", "data", "another")]
    [InlineData("migrate [SETTINGS]", "migrate", "something")]
    [InlineData("migrate [SETTINGS]", "migrate", "--Storage:DataDirectory")]
    [InlineData("Storage:ReaderConnections", "migrate", "--Storage:ReaderConnections", "0")]
    [InlineData("doesn't exist", "migrate", "--config", "nowhere.json")]
    public async Task Command_line_that_makes_no_sense_is_refused_and_touches_nothing(string expected, params string[] arguments)
    {
        (await RefusalAsync(arguments)).ShouldContain(expected);

        Directory.EnumerateFileSystemEntries(_directory.Path).ShouldBeEmpty();
    }

    private static async Task<Person> JoinAsync(ServerProcess server, string name)
    {
        var user = await server.Api.SignUpAsync(name, Password);
        return new Person(user, name, "phone", (await server.Api.LogInAsync(name, Password)).String("token"));
    }

    private async Task<string> ShouldSucceedAsync(params string[] arguments)
    {
        var (code, output) = await ServerProgram.RunAsync(arguments, _directory.Path);
        code.ShouldBe(0, output);
        return output;
    }

    private async Task<string> RefusalAsync(params string[] arguments)
    {
        var (code, output) = await ServerProgram.RunAsync(arguments, _directory.Path);
        code.ShouldBe(2, output);
        output.ShouldNotContain("   at ", Case.Sensitive, "a sentence for people, not a stack trace");
        return output;
    }
}
