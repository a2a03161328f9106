namespace ChatAkka.Storage.Tests.PostgreSql;

/// <summary>What is wrong with a connection string is told without a server too.</summary>
public sealed class PostgresSettingsTests
{
    [Fact]
    public async Task Server_that_does_not_listen_is_told_in_a_sentence()
    {
        var refusal = await Should.ThrowAsync<StorageOpenException>(() => TestDatabase.OpenAsync("Host=127.0.0.1;Port=1;Username=a;Password=very-secret"));

        refusal.Message.ShouldStartWith("The database in Storage:ConnectionString can't be opened: PostgreSQL can't be reached:");
        refusal.Message.ShouldNotContain("very-secret");
    }

    [Theory]
    [InlineData("Password=very-secret;nonsense")]
    [InlineData("Hots=127.0.0.1;Password=very-secret")]
    [InlineData("Host=127.0.0.1;Port=very-secret")]
    public async Task Connection_string_that_makes_no_sense_is_refused_without_being_quoted(string connectionString)
    {
        var refusal = await Should.ThrowAsync<StorageOpenException>(() => TestDatabase.OpenAsync(connectionString));

        refusal.ToString().ShouldNotContain("very-secret");
        refusal.Message.ShouldContain("Storage:ConnectionString can't be read");
    }
}
