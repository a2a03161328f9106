using ChatAkka.Protocol.Frames;

namespace ChatAkka.Replay.Judging;

/// <summary>A message as the timeline's events make it; the judge's own folding, which knows nothing of the server's.</summary>
internal sealed class FoldedText(TimelineEvent message)
{
    private readonly List<TimelineEvent> _reactions = [];
    private long? _editedAt;
    private bool _isDeleted;

    public TimelineEvent Message => message;

    public string Text { get; private set; } = message.Text;

    /// <summary>Something was done with it.</summary>
    public bool IsTouched { get; private set; }

    /// <summary>What all messages of a timeline come to, by id, in order.</summary>
    public static SortedDictionary<long, FoldedText> Fold(Timeline timeline)
    {
        var messages = new SortedDictionary<long, FoldedText>();
        foreach (var e in timeline.Events)
        {
            if (e.IsMessage)
            {
                messages[e.Id] = new FoldedText(e);
            }
            else if (e.IsAnnotation && messages.TryGetValue(e.Target, out var message))
            {
                message.Apply(e);
            }
        }

        return messages;
    }

    /// <summary>What a history says instead, in words; null if it says the same.</summary>
    public string? Differs(PagedMessage shown)
    {
        if (shown.Deleted != _isDeleted)
        {
            return _isDeleted ? "not deleted" : "deleted";
        }

        if (shown.Text != (_isDeleted ? "" : Text))
        {
            return $"'{TimelineEvent.Shorten(shown.Text)}' instead of '{TimelineEvent.Shorten(Text)}'";
        }

        if (shown.EditedAt != (_isDeleted ? null : _editedAt))
        {
            return $"edited at {shown.EditedAt} instead of {_editedAt}";
        }

        var (reactions, expected) = (Describe(shown.Reactions), Describe(Standing()));
        return reactions == expected ? null : $"reactions {reactions} instead of {expected}";
    }

    private void Apply(TimelineEvent e)
    {
        IsTouched = true;
        switch (e.Kind)
        {
            case EventKind.Edited:
                (Text, _editedAt) = (e.Text, e.At);
                break;
            case EventKind.Deleted:
                _isDeleted = true;
                break;
            case EventKind.Reacted when !_reactions.Exists(r => IsSame(r, e)):
                _reactions.Add(e);
                break;
            case EventKind.Unreacted:
                _reactions.RemoveAll(r => IsSame(r, e));
                break;
        }
    }

    private IEnumerable<MessageReactions> Standing() =>
        _isDeleted ? [] : _reactions.GroupBy(r => r.Text).Select(g => new MessageReactions(g.Key, [.. g.Select(r => r.From)]));

    private static bool IsSame(TimelineEvent one, TimelineEvent other) => one.From == other.From && one.Text == other.Text;

    private static string Describe(IEnumerable<MessageReactions> reactions) =>
        $"[{string.Join("; ", reactions.Select(r => $"{r.Emoji} {string.Join(' ', r.Users)}"))}]";
}
