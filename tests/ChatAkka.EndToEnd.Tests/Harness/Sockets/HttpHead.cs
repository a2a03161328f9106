namespace ChatAkka.EndToEnd.Tests.Harness.Sockets;

/// <summary>The answer to an upgrade: the head, and the body if it is a refusal.</summary>
internal sealed record HttpHead(int Status, IReadOnlyDictionary<string, string> Headers, string Body)
{
    public static HttpHead Parse(string head, string body)
    {
        var lines = head.Split("\r\n", StringSplitOptions.RemoveEmptyEntries);
        var headers = lines.Skip(1).Select(line => line.Split(':', 2))
            .ToDictionary(parts => parts[0].Trim(), parts => parts[1].Trim(), StringComparer.OrdinalIgnoreCase);
        return new HttpHead(int.Parse(lines[0].Split(' ')[1]), headers, body);
    }
}
