namespace ChatAkka.Client.Tests.Support;

/// <summary>What the fake server says.</summary>
internal static class Frames
{
    public static string Event(long id, string channel = "5") => $$"""{"op":"event","channel":"{{channel}}",{{Members(id)}}}""";

    /// <summary>A sync with the events of a range.</summary>
    public static string Sync(long first, long last, long? head = null, string channel = "5", long read = 0) =>
        $$"""{"op":"sync","channel":{{Channel(head ?? last, channel, read)}},"events":[{{string.Join(',', Ids(first, last).Select(id => $$"""{{{Members(id)}}}"""))}}],"more":{{(head > last ? "true" : "false")}}}""";

    public static string Joined(string channel = "5") => $$"""{"op":"channel","channel":{{Channel(1, channel)}}}""";

    public static IEnumerable<long> Ids(long first, long last)
    {
        for (var id = first; id <= last; id++)
        {
            yield return id;
        }
    }

    private static string Channel(long head, string channel, long read = 0) =>
        $$"""{"id":"{{channel}}","kind":"group","title":"t","head":"{{head}}","n":{{head}},"unread":0,"read":"{{read}}","member_count":2}""";

    private static string Members(long id) => $$"""
        "id":"{{id}}","n":{{id}},"at":99,"from":"7","type":"message","text":"text {{id}}"
        """;
}
