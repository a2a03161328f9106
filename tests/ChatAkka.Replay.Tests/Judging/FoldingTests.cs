using ChatAkka.Protocol.Frames;
using ChatAkka.Replay.Judging;

namespace ChatAkka.Replay.Tests.Judging;

/// <summary>Histories that don't show what became of a message.</summary>
public sealed class FoldingTests
{
    private readonly Room _room = new();

    public FoldingTests() => _room.Say("one");

    [Fact]
    public void Message_shown_as_its_events_made_it_is_fine()
    {
        _room.Do(EventKind.Edited, 2, "two");
        _room.Do(EventKind.Reacted, 2, "+");
        _room.Do(EventKind.Reacted, 2, "-");
        _room.Do(EventKind.Unreacted, 2, "+");
        Show(m => m with { Text = "two", EditedAt = 0, Reactions = [new MessageReactions("-", [Room.Writer])] });

        _room.Judge().ShouldBeEmpty();
    }

    [Fact]
    public void Deleted_message_shows_nothing_else()
    {
        _room.Do(EventKind.Edited, 2, "two");
        _room.Do(EventKind.Reacted, 2, "+");
        _room.Do(EventKind.Deleted, 2, "");
        Show(m => m with { Text = "", Deleted = true });

        _room.Judge().ShouldBeEmpty();
    }

    [Fact]
    public void Edit_that_is_not_shown_is_misfolded()
    {
        _room.Do(EventKind.Edited, 2, "two");

        _room.Judge().ShouldBe(["Misfolded 2 history"]);
    }

    [Fact]
    public void Reaction_shown_that_was_taken_back_is_misfolded()
    {
        _room.Do(EventKind.Reacted, 2, "+");
        _room.Do(EventKind.Unreacted, 2, "+");
        Show(m => m with { Reactions = [new MessageReactions("+", [Room.Writer])] });

        _room.Judge().ShouldBe(["Misfolded 2 history"]);
    }

    [Fact]
    public void Message_shown_as_edited_that_was_not_is_misfolded()
    {
        Show(m => m with { EditedAt = 7 });

        _room.Judge().ShouldBe(["Misfolded 2 history"]);
    }

    [Fact]
    public void Deed_that_nobody_did_is_corrupted()
    {
        _room.Happen(EventKind.Edited, "two", target: 2);
        Show(m => m with { Text = "two", EditedAt = 0 });

        _room.Judge().ShouldBe(["Corrupted 3 timeline"]);
    }

    [Fact]
    public void Deed_done_twice_is_duplicated()
    {
        _room.Do(EventKind.Deleted, 2, "");
        _room.Happen(EventKind.Deleted, "", target: 2);
        Show(m => m with { Text = "", Deleted = true });

        _room.Judge().ShouldBe(["Duplicated 4 timeline"]);
    }

    private void Show(Func<PagedMessage, PagedMessage> change) => _room.History[0] = change(_room.History[0]);
}
