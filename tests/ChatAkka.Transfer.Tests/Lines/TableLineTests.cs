using ChatAkka.Storage.Contents;
using ChatAkka.Transfer.Lines;

namespace ChatAkka.Transfer.Tests.Lines;

/// <summary>Rows come out of their lines as they were.</summary>
public sealed class TableLineTests
{
    public static TheoryData<string> Tables => [.. StoredTable.All.Select(table => table.Name)];

    [Theory]
    [MemberData(nameof(Tables))]
    public async Task Row_comes_back_with_every_value(string name)
    {
        var lines = new TableLine(Table(name));
        SampleRows.All[name].ShouldNotBeEmpty();
        foreach (var row in SampleRows.All[name])
        {
            (await LineFile.ThroughAsync(line => lines.Write(line, row), lines.Read)).Value.ShouldBe(row);
        }
    }

    [Theory]
    [InlineData("device_cursor", """{"device_id":"101","channel_id":"7298340912353280","message_id":"1099511627776"}""")]
    [InlineData("account", """{"id":"9223372036854775807","username":"cid","display_name":"","password_hash":"","created_at":0}""")]
    public async Task Ids_are_written_as_text_and_the_rest_as_what_it_is(string name, string expected)
    {
        var (_, line) = await LineFile.ThroughAsync(line => new TableLine(Table(name)).Write(line, SampleRows.All[name][^1]), new TableLine(Table(name)).Read);

        line.ShouldBe(expected);
    }

    [Theory]
    [InlineData("account", """{"id":"1","username":"a","display_name":"","password_hash":null}""", "has no 'created_at'")]
    [InlineData("account", """{"id":1,"username":"a","display_name":"","created_at":1}""", "has a 'id' that is no text")]
    [InlineData("account", """{"id":"1","username":"a","display_name":"","created_at":1,"secret":1}""", "has a field that this version doesn't know")]
    [InlineData("device_session", """{"device_id":"1","user_id":"1","token_hash":"secret!","name":"","platform":"","created_at":1,"last_used_at":1,"expires_at":1}""", "isn't base64")]
    public async Task Line_that_is_no_row_is_refused_with_what_is_wrong(string name, string line, string reason)
    {
        var refusal = await Should.ThrowAsync<TransferException>(LineFile.ReadAsync(line, new TableLine(Table(name)).Read));

        refusal.Message.ShouldContain(reason);
        refusal.ToString().ShouldNotContain("secret!");
    }

    private static StoredTable Table(string name) => StoredTable.All.Single(table => table.Name == name);
}
