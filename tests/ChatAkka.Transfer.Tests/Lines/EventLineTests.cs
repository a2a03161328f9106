using ChatAkka.Actors.Serialization;
using ChatAkka.Domain.Channels;
using ChatAkka.Domain.Identity;
using ChatAkka.Domain.Users;
using ChatAkka.Transfer.Lines;

namespace ChatAkka.Transfer.Tests.Lines;

/// <summary>Every event that is stored comes out of its line as the very bytes that it is stored as.</summary>
public sealed class EventLineTests
{
    private static readonly ChannelId Group = new("7298340912353280");
    private static readonly UserId Ann = new("7298340912345088");

    public static TheoryData<Type> EventTypes => [.. MadeUpEvents.Types];

    public static TheoryData<string> HardTexts =>
    [
        "\"", "\\", "\\\"", "\n", "\r\n\t", "\0\u0001\u001f", "\u2028\u2029", "\u007f\u0080\ufeff\ufffd", "😀", "👩‍👩‍👧‍👦🏴󠁧󠁢󠁥󠁮󠁧󠁿", "한글 ㄱ", "'<&>+`", "",
        "{\"type\":\"message\"}", string.Concat(Enumerable.Repeat("😀", 100_000)), new string('"', 100_000), new string('\u0001', 100_000),
    ];

    [Theory]
    [MemberData(nameof(EventTypes))]
    public async Task Event_comes_back_as_the_bytes_it_is_stored_as(Type type)
    {
        foreach (var e in MadeUpEvents.Of(type))
        {
            var (before, after, _) = await ThroughAsync(e);

            after.ShouldBe(before);
        }
    }

    [Theory]
    [MemberData(nameof(HardTexts))]
    public async Task Text_comes_back_whatever_is_in_it(string text)
    {
        var (read, line) = await LineFile.ThroughAsync(
            line => TimelineLine.Write(line, Group, new MessagePosted(2, 1, 3, Ann, new DeviceId("4"), text, text, 0, [])), ReadTimeline);

        var posted = read.ShouldBeOfType<MessagePosted>();
        (posted.Text == text && posted.ClientId == text).ShouldBeTrue();
        line.ShouldNotContain('\n');
    }

    [Fact]
    public async Task Message_is_written_as_people_and_the_wire_call_it()
    {
        var posted = new MessagePosted(5, 3, 1_795_190_400_123, Ann, new DeviceId("7"), "c-1", "안녕 👋", 4, [new UserId("8")]);

        var (_, _, line) = await ThroughAsync(posted);

        line.ShouldBe(
            """{"channel":"7298340912353280","id":"5","type":"message","n":3,"at":1795190400123,"from":"7298340912345088","device":"7","client_id":"c-1","text":"안녕 👋","reply_to":"4","mentions":["8"]}""");
    }

    [Theory]
    [InlineData("", "isn't JSON")]
    [InlineData("secret", "isn't JSON")]
    [InlineData("[]", "isn't a JSON object")]
    [InlineData("{}", "has no id 'id'")]
    [InlineData("""{"channel":"1","id":5,"at":1,"from":"2","type":"deleted","n":1,"target":"3"}""", "has a 'id' that is no text")]
    [InlineData("""{"channel":"1","id":"05","at":1,"from":"2","type":"deleted","n":1,"target":"3"}""", "has a 'id' that is no id")]
    [InlineData("""{"channel":"1","id":"5","at":1,"from":"-2","type":"deleted","n":1,"target":"3"}""", "has a 'from' that is no id")]
    [InlineData("""{"channel":"secret","id":"5","at":1,"from":"2","type":"deleted","n":1,"target":"3"}""", "has a 'channel' that is no id")]
    [InlineData("""{"channel":"1","id":"5","at":1,"from":"2","type":"secret","n":1,"target":"3"}""", "is of a type that this version doesn't know")]
    [InlineData("""{"channel":"1","id":"5","at":1.5,"from":"2","type":"deleted","n":1,"target":"3"}""", "has a 'at' that is no whole number")]
    [InlineData("""{"channel":"1","id":"5","at":1,"from":"2","type":"deleted","target":"3"}""", "has no number 'n'")]
    [InlineData("""{"channel":"1","id":"5","at":1,"from":"2","type":"edited","n":1,"target":"3","text":"\ud800"}""", "isn't well-formed Unicode")]
    [InlineData("""{"channel":"1","id":"5","at":1,"from":"2","type":"deleted","n":1,"target":"3","secret":1}""", "has a field that this version doesn't know")]
    [InlineData("""{"channel":"1","id":"5","at":1,"from":"2","type":"deleted","n":1,"target":"3","target":"3"}""", "has one twice")]
    [InlineData("""{"channel":"1","id":"5","at":1,"from":"2","type":"titled","n":1,"title":null}""", "has no text 'title'")]
    [InlineData("""{"channel":"1","id":"5","at":1,"from":"2","type":"member_added","n":1,"user":"3","role":"secret"}""", "has a 'role' that this version doesn't know")]
    [InlineData("""{"channel":"1","id":"5","at":1,"from":"2","type":"created","kind":"group","title":"","members":{}}""", "has a 'members' that is no list")]
    [InlineData("""{"channel":"1","id":"5","at":1,"from":"2","type":"created","kind":"group","title":"","members":[1]}""", "isn't a JSON object")]
    public async Task Line_that_is_no_event_is_refused_with_what_is_wrong_and_not_what_it_says(string line, string reason)
    {
        var refusal = await Should.ThrowAsync<TransferException>(LineFile.ReadAsync(line, ReadTimeline));

        refusal.Message.ShouldStartWith("Line 1 of lines.jsonl ");
        refusal.Message.ShouldContain(reason);
        refusal.ToString().ShouldNotContain("secret");
    }

    [Fact]
    public void Role_without_a_word_is_not_written() =>
        Should.Throw<UnknownValueException>(() => TimelineLine.Write(new(), Group, new MemberAdded(2, 0, 1, Ann, Ann, (MemberRole)9)));

    private static ChannelEvent ReadTimeline(Transfer.Files.LineFields line)
    {
        var e = TimelineLine.Read(line);
        line.Channel("channel").Value.ShouldNotBeNull();
        return e;
    }

    private static async Task<((string, string) Before, (string, string) After, string Line)> ThroughAsync(object e)
    {
        if (e is ChannelEvent of)
        {
            var (read, line) = await LineFile.ThroughAsync(line => TimelineLine.Write(line, Group, of), ReadTimeline);
            return (Hex(StoredEvents.Encode(of)), Hex(StoredEvents.Encode(read)), line);
        }

        var user = (UserEvent)e;
        var (again, text) = await LineFile.ThroughAsync(
            line => UserLine.Write(line, Ann, 5, user),
            line => (line.User("user"), line.Id("id"), Event: UserLine.Read(line)));
        (again.Item1, again.Item2).ShouldBe((Ann, 5));
        return (Hex(StoredEvents.Encode(user)), Hex(StoredEvents.Encode(again.Event)), text);
    }

    private static (string, string) Hex((string Manifest, byte[] Payload) stored) => (stored.Manifest, Convert.ToHexString(stored.Payload));
}
