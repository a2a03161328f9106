using FsCheck;
using FsCheck.Fluent;

namespace ChatAkka.Domain.Tests;

/// <summary>Runs properties from facts. A failure names the seed and the size that replay it, and the smallest input found.</summary>
internal static class Check
{
    public static void ForAll<T>(Gen<T> inputs, Action<T> property, int tests = 100) => Run(inputs.ToArbitrary(), property, tests);

    /// <summary>Inputs that are sequences shrink by leaving out stretches of steps.</summary>
    public static void ForAllSequences<T>(Gen<T> steps, int maxLength, Action<T[]> property, int tests = 100)
    {
        var sequences =
            from length in Gen.Choose(0, maxLength)
            from sequence in steps.ArrayOf(length)
            select sequence;
        Run(Arb.From(sequences, Shorter), property, tests);
    }

    private static void Run<T>(Arbitrary<T> inputs, Action<T> property, int tests) =>
        FsCheck.Check.One(Config.QuickThrowOnFailure.WithMaxTest(tests).WithQuietOnSuccess(true), Prop.ForAll(inputs, property));

    private static IEnumerable<T[]> Shorter<T>(T[] sequence)
    {
        for (var stretch = sequence.Length / 2; stretch > 0; stretch /= 2)
        {
            for (var at = 0; at + stretch <= sequence.Length; at += stretch)
            {
                yield return [.. sequence[..at], .. sequence[(at + stretch)..]];
            }
        }
    }
}
