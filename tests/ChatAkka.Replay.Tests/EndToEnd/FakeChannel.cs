using System.Text.Json.Nodes;

namespace ChatAkka.Replay.Tests.EndToEnd;

/// <summary>A channel as the fake server keeps it. Guarded by its user.</summary>
internal sealed class FakeChannel(string id, string kind, string[] founders, Fault fault)
{
    private readonly Dictionary<string, (long Delivered, long Read)> _cursors = [];

    public string Id => id;

    /// <summary>Members and since when; the first is the owner.</summary>
    public List<(string User, long Since)> Members { get; } = [.. founders.Select(f => (f, 1L))];

    /// <summary>Who was a member.</summary>
    public HashSet<string> Gone { get; } = [];

    public List<FakeEvent> Events { get; } = [];

    public Dictionary<(string Device, string ClientId), FakeEvent> Sends { get; } = [];

    public long? Since(string user) => Members.FirstOrDefault(m => m.User == user) is { User: not null } member ? member.Since : null;

    public bool MayRead(string user) => Since(user) is not null || (fault == Fault.ServesLeavers && Gone.Contains(user));

    public bool Receives(string user) => Since(user) is not null || (fault == Fault.DeliversToLeavers && Gone.Contains(user));

    public FakeEvent Append(string from, string type, Func<FakeEvent, FakeEvent> complete)
    {
        var (head, n) = Events.Count == 0 ? (0, 0) : (Events[^1].Id, Events[^1].N);
        var at = TimeProvider.System.GetUtcNow().ToUnixTimeMilliseconds();
        var e = complete(new FakeEvent(head + 1, type == "message" ? n + 1 : n, at, from, type));
        Events.Add(e);
        return e;
    }

    /// <summary>The event that makes it so, and whether it is new; null if there is no such message.</summary>
    public (FakeEvent Event, bool IsNew)? Annotate(string from, string type, long target, string? text)
    {
        var slot = Events.LastOrDefault(e => e.Target == target && (type is "reacted" or "unreacted"
            ? e.Type is "reacted" or "unreacted" && e.From == from && e.Text == text
            : e.Type is "edited" or "deleted"));
        if (slot is not null && slot.Type == type && slot.Text == text)
        {
            return (slot, false);
        }

        return Events.Exists(e => e.Id == target && e.Type == "message")
            ? (Append(from, type, e => e with { Target = target, Text = text }), true)
            : null;
    }

    /// <summary>A member got further; null if that is nothing new.</summary>
    public (long Delivered, long Read)? Advance(string user, long delivered, long read)
    {
        var before = _cursors.GetValueOrDefault(user);
        var now = (Delivered: Math.Max(before.Delivered, Math.Max(delivered, read)), Read: Math.Max(before.Read, read));
        _cursors[user] = now;
        return now == before ? null : now;
    }

    public JsonObject ToJson(string reader, bool withMembers = false)
    {
        var read = ReadBy(reader);
        var json = new JsonObject
        {
            ["id"] = id,
            ["kind"] = kind,
            ["title"] = "",
            ["head"] = Events[^1].Id.ToString(),
            ["n"] = Events[^1].N,
            ["unread"] = fault == Fault.CountsEditsAsUnread
                ? Events.Count(e => e.Id > read && (e.Type is "message" or "edited"))
                : Events[^1].N - (Events.FindLast(e => e.Id <= read)?.N ?? 0),
            ["read"] = read.ToString(),
            ["member_count"] = Members.Count,
        };
        if (withMembers)
        {
            json["members"] = new JsonArray([.. Members.Select((m, number) => new JsonObject
            {
                ["user"] = m.User,
                ["role"] = number == 0 ? "owner" : "member",
                ["delivered"] = Math.Max(_cursors.GetValueOrDefault(m.User).Delivered, m.Since - 1).ToString(),
                ["read"] = ReadBy(m.User).ToString(),
            })]);
        }

        return json;
    }

    public JsonObject Page(long? before, long? after, int limit)
    {
        var hidden = fault == Fault.HidesFromHistory ? 5 : 0;
        var messages = Events.Where(e => e.Type == "message" && e.Id != hidden).ToList();
        var side = messages.Where(e => (before is null || e.Id < before) && (after is null || e.Id > after)).ToList();
        var page = (after is null ? side.TakeLast(limit) : side.Take(limit)).ToList();
        return new JsonObject
        {
            ["messages"] = new JsonArray([.. page.Select(Fold)]),
            ["has_before"] = page.Count > 0 && messages[0].Id < page[0].Id,
            ["has_after"] = page.Count > 0 && messages[^1].Id > page[^1].Id,
        };
    }

    public static JsonObject ToJson(FakeEvent e, string? viewer)
    {
        var json = new JsonObject { ["id"] = e.Id.ToString(), ["n"] = e.N, ["at"] = e.At, ["from"] = e.From, ["type"] = e.Type };
        if (e.Text is not null)
        {
            json[e.Type.EndsWith("reacted", StringComparison.Ordinal) ? "emoji" : "text"] = e.Text;
        }

        if (e.Target > 0)
        {
            json["target"] = e.Target.ToString();
        }

        if (e.User is not null)
        {
            (json["user"], json["role"]) = (e.User, "member");
        }

        if (e.ClientId is not null && viewer == e.From)
        {
            json["client_id"] = e.ClientId;
        }

        return json;
    }

    private long ReadBy(string user) => Math.Max(_cursors.GetValueOrDefault(user).Read, (Since(user) ?? 1) - 1);

    private JsonObject Fold(FakeEvent message)
    {
        var json = ToJson(message, null);
        var said = Events.FindAll(e => e.Target == message.Id);
        if (said.Exists(e => e.Type == "deleted"))
        {
            (json["text"], json["deleted"]) = ("", true);
            return json;
        }

        var edits = said.FindAll(e => e.Type == "edited");
        if (edits.Count > 0)
        {
            json["text"] = fault == Fault.ShowsOldTexts ? (edits.Count > 1 ? edits[^2] : message).Text : edits[^1].Text;
            json["edited_at"] = edits[^1].At;
        }

        var standing = said.FindAll(e => e.Type == "reacted" && (fault == Fault.KeepsReactions ||
            !said.Exists(u => u.Type == "unreacted" && u.From == e.From && u.Text == e.Text && u.Id > e.Id)));
        if (standing.Count > 0)
        {
            json["reactions"] = new JsonArray([.. standing.GroupBy(e => e.Text).Select(g => new JsonObject
            {
                ["emoji"] = g.Key,
                ["users"] = new JsonArray([.. g.Select(e => JsonValue.Create(e.From))]),
            })]);
        }

        return json;
    }
}
