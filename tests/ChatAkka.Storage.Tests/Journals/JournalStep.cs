using FsCheck;
using FsCheck.Fluent;

namespace ChatAkka.Storage.Tests.Journals;

internal enum JournalVerb
{
    Append,
    AppendToTwo,
    Annotate,
    Delete,
    Settle,
    Read,
    Reopen,
}

/// <summary>One call of a store's journal. The numbers are taken modulo what there is.</summary>
/// <param name="Offset">Where an append begins: mostly with the next number (0), else with taken ones. Never with a gap: actors leave
/// none, so a store may refuse what would fill one.</param>
internal sealed record JournalStep(JournalVerb Verb, int Id, int Offset, int Count, int Number)
{
    public static Gen<JournalStep> Any { get; } =
        from verb in Gen.Frequency(
            (20, Gen.Constant(JournalVerb.Append)),
            (5, Gen.Constant(JournalVerb.AppendToTwo)),
            (20, Gen.Constant(JournalVerb.Annotate)),
            (6, Gen.Constant(JournalVerb.Delete)),
            (10, Gen.Constant(JournalVerb.Settle)),
            (30, Gen.Constant(JournalVerb.Read)),
            (1, Gen.Constant(JournalVerb.Reopen)))
        from id in Gen.Choose(0, 2)
        from offset in Gen.Frequency((8, Gen.Constant(0)), (2, Gen.Choose(-3, -1)))
        from count in Gen.Choose(1, 5)
        from number in Gen.Choose(0, 999)
        select new JournalStep(verb, id, offset, count, number);
}
