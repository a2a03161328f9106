using System.Text.Json;

namespace ChatAkka.EndToEnd.Tests.Harness.Clients;

/// <summary>A frame that a client received.</summary>
internal sealed record Frame(string Text)
{
    private const int Shown = 300;

    public JsonElement Json { get; } = Clients.Json.Read(Text);

    public string Op => Json.String("op");

    public string? Ref => Json.Has("ref") ? Json.String("ref") : null;

    /// <summary>Of an error.</summary>
    public string Code => Json.String("code");

    /// <summary>The id of an event or an ok.</summary>
    public long Id => Json.Id();

    public bool IsEvent(string channel, string type) => Op == "event" && Json.String("channel") == channel && Json.String("type") == type;

    public bool IsMessage(string channel, string text) => IsEvent(channel, "message") && Json.String("text") == text;

    public Frame ShouldBeOk()
    {
        Op.ShouldBe("ok", ToString());
        return this;
    }

    public Frame ShouldBeError(string code)
    {
        Op.ShouldBe("error", ToString());
        Code.ShouldBe(code, ToString());
        Json.String("message").ShouldNotBeEmpty();
        return this;
    }

    public override string ToString() => Text.Length <= Shown ? Text : Text[..Shown] + "…";
}
