using System.Text.Json;
using ChatAkka.EndToEnd.Tests.Harness.Clients;

namespace ChatAkka.EndToEnd.Tests.Documents;

/// <summary>A line of a story in docs/protocol.md.</summary>
/// <param name="Who">A person, perhaps at another device than the phone: <c>anna</c>, <c>anna@laptop</c>; or <c>nobody</c>.</param>
/// <param name="Text">The line as it stands there.</param>
internal abstract record Step(string Who, string Text)
{
    private const string FrameStart = "{";
    private const string CloseStart = "close ";

    /// <summary>Reads a line, which has been joined with those that continue it; null for a comment.</summary>
    public static Step? Read(string line)
    {
        if (line.StartsWith('#'))
        {
            return null;
        }

        var parts = line.Split(' ', 3);
        var (who, sign, rest) = (parts[0], parts[1], parts.Length > 2 ? parts[2] : "");
        return (sign, rest) switch
        {
            ("✗", "") => new Lost(who, line),
            ("→", _) when rest.StartsWith(FrameStart, StringComparison.Ordinal) => new Written(who, line, rest),
            ("←", _) when rest.StartsWith(FrameStart, StringComparison.Ordinal) => new Received(who, line, Json.Read(rest)),
            ("←", _) when rest.StartsWith(CloseStart, StringComparison.Ordinal) =>
                new Closed(who, line, int.Parse(rest.Split(' ')[1]), rest.Split(' ')[2]),
            ("→", _) when rest.Split(' ', 3) is [var method, var address, .. var body] =>
                new Called(who, line, method, address, body.SingleOrDefault()),
            ("←", _) when rest.Split(' ', 2) is [var status, .. var body] =>
                new Answered(who, line, int.Parse(status), body.Length == 0 ? null : Json.Read(body[0])),
            _ => throw new FormatException($"no line of a story: {line}"),
        };
    }

    /// <summary>A client writes a frame.</summary>
    internal sealed record Written(string Who, string Text, string Frame) : Step(Who, Text);

    /// <summary>A client gets a frame.</summary>
    internal sealed record Received(string Who, string Text, JsonElement Frame) : Step(Who, Text);

    /// <summary>The server closes a client's socket.</summary>
    internal sealed record Closed(string Who, string Text, int Code, string Reason) : Step(Who, Text);

    /// <summary>A client's connection breaks.</summary>
    internal sealed record Lost(string Who, string Text) : Step(Who, Text);

    /// <summary>A client makes an HTTP call.</summary>
    internal sealed record Called(string Who, string Text, string Method, string Address, string? Body) : Step(Who, Text)
    {
        public bool OpensSocket => Address == "/v1/ws";
    }

    /// <summary>The answer to the client's last call.</summary>
    internal sealed record Answered(string Who, string Text, int Status, JsonElement? Body) : Step(Who, Text);
}
