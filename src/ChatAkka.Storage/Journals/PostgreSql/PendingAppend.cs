using ChatAkka.Storage.Writing;

namespace ChatAkka.Storage.Journals.PostgreSql;

/// <summary>Events that wait to be stored, all or none; or none at all, and then it is a barrier: it has its outcome after all that were
/// accepted before it, whatever theirs is.</summary>
internal sealed class PendingAppend(JournalRow[] rows, CancellationToken cancel) : AwaitedWrite(cancel)
{
    public JournalRow[] Rows => rows;

    public override int Bytes { get; } = Array.ConvertAll(rows, row => row.Payload.Length).Sum();

    public override void Fail(Exception reason)
    {
        if (rows.Length == 0)
        {
            Succeed();
        }
        else
        {
            base.Fail(reason);
        }
    }
}
