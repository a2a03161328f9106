using Microsoft.Extensions.Configuration;

namespace ChatAkka.Server.Tests.Settings;

/// <summary>Where settings come from, and what is said of those that can't be used.</summary>
public sealed class ConfigurationTests : IDisposable
{
    private readonly string _file = Path.Combine(Path.GetTempPath(), $"chatakka-{Guid.NewGuid():N}.json");

    public static TheoryData<string, string, string> Invalid => new()
    {
        { "Storage:DataDirectory", " ", "Storage:DataDirectory must name a directory." },
        { "Storage:ReaderConnections", "65", "Storage:ReaderConnections must be from 1 to 64, but is 65." },
        { "Storage:WalLimitMiB", "much", "Storage:WalLimitMiB must be a whole number up to 2147483647, but is 'much'." },
        { "Chat:MaxGroupSize", "1", "Chat:MaxGroupSize must be from 2 to 10000, but is 1." },
        { "Chat:MaxGroupSize", "many", "Chat:MaxGroupSize must be a whole number up to 2147483647, but is 'many'." },
        { "Chat:MaxGroupSize", "", "Chat:MaxGroupSize must be a whole number up to 2147483647, but is ''." },
        { "Chat:Shards", "3000000000", "Chat:Shards must be a whole number up to 2147483647, but is '3000000000'." },
        { "Chat:SyncQueueLength", "1.5", "Chat:SyncQueueLength must be a whole number up to 2147483647, but is '1.5'." },
        { "Chat:SyncQueueLength:Of", "5", "Chat:SyncQueueLength must have one value." },
        { "Chat", "5", "Chat must be a section of settings, not one value." },
        { "Gateway:PublicUrl", "http://here", "Gateway:PublicUrl must be a ws:// or wss:// URL." },
        { "Gateway:Node", "", "Gateway:Node must not be empty." },
        {
            "Gateway:TrustedProxies", "10.0.0.5;proxy",
            "Gateway:TrustedProxies must be addresses such as 10.0.0.5, separated by ';', but has 'proxy'."
        },
        { "Cluster:Enabled", "perhaps", "Cluster:Enabled must be true or false, but is 'perhaps'." },
        { "Cluster:Host", "a b", "Cluster:Host must be a host name or an address." },
        { "Cluster:PublicHost", "a b", "Cluster:PublicHost must be a host name or an address, or empty." },
        { "Cluster:Port", "70000", "Cluster:Port must be between 0 and 65535." },
        {
            "Cluster:Seeds", "10.0.0.5:5100;10.0.0.6",
            "Cluster:Seeds must be nodes such as 10.0.0.5:5100, separated by ';', but has '10.0.0.6'."
        },
        { "Cluster:SplitBrain", "hope", "Cluster:SplitBrain must be keep-majority or keep-oldest." },
        { "Cluster:StableAfterSeconds", "0", "Cluster:StableAfterSeconds must be at least 1." },
        {
            "Cluster:Tls:Certificate", "node.pem",
            "Cluster:Tls needs Certificate, Key and Authority; or none of them, for links without TLS."
        },
        { "Limits:SocketBurst", "0", "Limits:SocketBurst must be at least 1." },
        { "Limits:AccountRequestsPerSecond", "-1", "Limits:AccountRequestsPerSecond must be from 0 to 1000000, but is -1." },
        { "Limits:AccountBurst", "0", "Limits:AccountBurst must be from 1 to 1000000, but is 0." },
        { "Limits:LogInsPerMinute", "-1", "Limits:LogInsPerMinute must be from 0 to 1000000, but is -1." },
        { "Limits:FailedLogInsPerAccount", "2000000", "Limits:FailedLogInsPerAccount must be from 0 to 1000000, but is 2000000." },
        { "Auth:IntegratorKey", "c2hvcnQ=", "Auth:IntegratorKey must be base64 of at least 32 bytes." },
        { "Auth:SessionDays", "0", "Auth:SessionDays must be at least 1." },
        { "Push:MaxAttempts", "0", "Push:MaxAttempts must be from 1 to 100, but is 0." },
        { "Push:MaxAttempts", "x", "Push:MaxAttempts must be a whole number up to 2147483647, but is 'x'." },
        { "Push:Webhook", "http://here", "Push:Webhook must be a section of settings, not one value." },
        { "Push:Webhook:TimeoutMs", "0", "Push:Webhook:TimeoutMs must be from 1 to 120000, but is 0." },
        { "Push:Webhook:TimeoutMs", "x", "Push:Webhook:TimeoutMs must be a whole number up to 2147483647, but is 'x'." },
        { "Push:Webhook:Secret", "c2hvcnQ=", "Push:Webhook:Secret must be base64 of at least 32 bytes." },
        { "Urls", "http://127.0.0.1:1;nowhere", "Urls must be addresses such as http://127.0.0.1:5000, separated by ';', but has 'nowhere'." },
        {
            "Urls", "https://127.0.0.1",
            "Urls has 'https://127.0.0.1', but a node doesn't speak TLS: let a load balancer or proxy in front of it do so, and use http here."
        },
        { "Urls", "ftp://127.0.0.1", "Urls must be addresses such as http://127.0.0.1:5000, separated by ';', but has 'ftp://127.0.0.1'." },
        {
            "Logging:LogLevel:Default", "loud",
            "Logging:LogLevel:Default must be one of Trace, Debug, Information, Warning, Error, Critical, None, but is 'loud'."
        },
    };

    public void Dispose() => File.Delete(_file);

    [Theory]
    [MemberData(nameof(Invalid))]
    public void Setting_that_cant_be_used_is_named_in_one_sentence(string setting, string value, string sentence) =>
        Server.Configuration.Read(Settings((setting, value))).Errors.ShouldBe([sentence]);

    [Fact]
    public void Settings_that_cant_be_used_are_all_named_at_once() =>
        Server.Configuration.Read(Settings(("Chat:Shards", "x"), ("Chat:MaxGroupSize", "y"), ("Limits:SocketBurst", "z"), ("Auth:SessionDays", "0"))).Errors
            .Select(error => error.Split(' ')[0]).ShouldBe(["Chat:MaxGroupSize", "Chat:Shards", "Limits:SocketBurst", "Auth:SessionDays"]);

    [Fact]
    public void Null_in_the_file_is_not_a_value()
    {
        File.WriteAllText(_file, """{ "Gateway": { "Node": null } }""");
        var configuration = new ConfigurationManager();
        configuration["config"] = _file;

        Server.Configuration.AddFile(configuration).ShouldBeNull();
        Server.Configuration.Read(configuration).Errors.ShouldBe(["Gateway:Node must have one value."]);
    }

    [Fact]
    public void Setting_nobody_reads_is_warned_about_and_harmless()
    {
        var (settings, errors, warnings) = Server.Configuration.Read(
            Settings(("Limits:RequestsPerCentury", "0"), ("Limits:SocketBurst", "7"), ("Elsewhere:Setting", "1")));

        errors.ShouldBeEmpty();
        warnings.ShouldBe(["Limits:RequestsPerCentury is no setting of this program; it is ignored."]);
        settings.Limits.SocketBurst.ShouldBe(7);
    }

    [Fact]
    public void Settings_of_a_section_within_a_section_are_read()
    {
        var (settings, errors, warnings) = Server.Configuration.Read(
            Settings(("Push:webhook:timeoutMs", "7"), ("Push:Webhook:Uri", "http://here"), ("Push:MaxAttempts", "3")));

        errors.ShouldBeEmpty();
        warnings.ShouldBe(["Push:Webhook:Uri is no setting of this program; it is ignored."]);
        (settings.Push.Webhook.TimeoutMs, settings.Push.Webhook.Url, settings.Push.MaxAttempts).ShouldBe((7, "", 3));
    }

    [Fact]
    public void Names_of_settings_may_be_written_in_any_case()
    {
        var (settings, errors, warnings) = Server.Configuration.Read(Settings(("chat:maxgroupsize", "7")));
        (errors.Count, warnings.Count, settings.Chat.MaxGroupSize).ShouldBe((0, 0, 7));
    }

    [Fact]
    public void Command_line_wins_over_environment_and_environment_over_file()
    {
        // Names of this test's own, so that no other test sees them.
        const string prefix = "CHATAKKA_TEST_PRECEDENCE_";
        Environment.SetEnvironmentVariable(prefix + "Chat__MaxGroupSize", "20");
        Environment.SetEnvironmentVariable(prefix + "Chat__Shards", "20");
        File.WriteAllText(_file, """{ "Chat": { "MaxGroupSize": 10, "Shards": 10, "SyncQueueLength": 10 } }""");
        var configuration = new ConfigurationManager();
        configuration.AddEnvironmentVariables(prefix);
        configuration.AddCommandLine(["--config", _file, "--Chat:MaxGroupSize", "30"]);

        Server.Configuration.AddFile(configuration).ShouldBeNull();

        var chat = Server.Configuration.Read(configuration).Settings.Chat;
        (chat.MaxGroupSize, chat.Shards, chat.SyncQueueLength).ShouldBe((30, 20, 10));
    }

    [Fact]
    public void Without_a_file_of_ones_own_the_programs_is_read()
    {
        var configuration = new ConfigurationManager();
        Server.Configuration.AddFile(configuration).ShouldBeNull();
        configuration["Storage:DataDirectory"].ShouldBe("data");
        configuration["Urls"].ShouldBe("http://127.0.0.1:5000");
    }

    [Theory]
    [InlineData("{ \"Chat\": { ")]
    [InlineData("Chat: 1")]
    [InlineData("[]")]
    [InlineData("")]
    [InlineData("{ \"Chat\": {}, \"chat\": {} , \"Urls\": \"a\", \"urls\": \"b\" }")]
    public void File_that_isnt_a_settings_file_is_named_with_the_reason(string text)
    {
        File.WriteAllText(_file, text);
        var configuration = new ConfigurationManager();
        configuration["config"] = _file;

        Server.Configuration.AddFile(configuration).ShouldNotBeNull().ShouldStartWith($"The settings file '{_file}' can't be read: ");
    }

    [Theory]
    [InlineData("/no/such/directory/chatakka.json")]
    [InlineData("missing.json")]
    [InlineData("/")]
    [InlineData("")]
    public void File_that_isnt_there_is_named(string file)
    {
        var configuration = new ConfigurationManager();
        configuration["config"] = file;
        Server.Configuration.AddFile(configuration).ShouldBe($"The settings file '{file}' doesn't exist.");
    }

    private static IConfiguration Settings(params (string Name, string Value)[] settings) =>
        new ConfigurationBuilder().AddInMemoryCollection(settings.Select(s => KeyValuePair.Create(s.Name, (string?)s.Value))).Build();
}
