using Akka.Persistence;

namespace Akka.Embedded.Tests.Internals;

public sealed class SnapshotCriteriaTests
{
    [Theory]
    [InlineData(5, 10, true)]
    [InlineData(4, 10, false)]
    [InlineData(8, 10, true)]
    [InlineData(9, 10, false)]
    [InlineData(6, 2, false)]
    [InlineData(6, 21, false)]
    public void Criteria_select_within_their_bounds(long sequenceNr, int day, bool selected)
    {
        var criteria = new SnapshotSelectionCriteria(8, new DateTime(2026, 1, 20), 5, new DateTime(2026, 1, 3));

        criteria.Matches(new SnapshotMetadata("p", sequenceNr, new DateTime(2026, 1, day))).ShouldBe(selected);
    }
}
