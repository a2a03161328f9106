using ChatAkka.Storage.Tests.Conformance;
using FsCheck;
using FsCheck.Fluent;

namespace ChatAkka.Storage.Tests.Journals;

/// <summary>Any sequence of calls, restarts among them, does what a model does; one that doesn't is made as short as it gets.</summary>
public abstract class ModelContract<TStore> : StoreContract<TStore> where TStore : TestedStore, new()
{
    private static readonly Config Sequences = Config.QuickThrowOnFailure.WithMaxTest(60).WithQuietOnSuccess(true);

    [SkippableFact]
    public Task Any_calls_of_the_journal_do_what_the_model_does() => CheckAsync(JournalStep.Any, async steps =>
    {
        var play = new JournalPlay(Tested);
        foreach (var step in steps)
        {
            await play.DoAsync(step);
        }

        await play.CompareAsync();
    });

    [SkippableFact]
    public Task Any_calls_of_the_snapshots_do_what_the_model_does() => CheckAsync(SnapshotStep.Any, async steps =>
    {
        var play = new SnapshotPlay(Tested);
        foreach (var step in steps)
        {
            await play.DoAsync(step);
        }

        await play.CompareAsync();
    });

    // On a thread of the pool: FsCheck blocks it, and must not block those that the test runner has its continuations run on.
    private static Task CheckAsync<TStep>(Gen<TStep> step, Func<TStep[], Task> play) => Task.Run(() =>
        FsCheck.Check.One(Sequences, Prop.ForAll(Arb.From(step).Array(), steps => play(steps).GetAwaiter().GetResult())));
}
