using System.Text.RegularExpressions;
using ChatAkka.Tests.MultiNode;

namespace ChatAkka.MultiNode.Tests.Processes;

public sealed class NodeLogTests
{
    [Fact]
    public void Errors_are_found_once_and_not_those_that_are_explained()
    {
        var log = new NodeLog();
        string[] lines =
        [
            "info: A[1]", "      Fine.", "fail: B[2]", "      Not fine.", "      Why.", "crit: C[3]", "      Explained.", "warn: D[4]",
            "      Nearly.",
        ];
        Array.ForEach(lines, log.Add);

        log.TakeTroubles(new Regex("^crit: C\\[3\\]")).ShouldBe(["fail: B[2]", "      Not fine.", "      Why."]);
        log.TakeTroubles().ShouldBeEmpty();
        log.Tail(2).ShouldEndWith("\n    warn: D[4]\n          Nearly.");
    }

    [Fact]
    public void Log_without_end_is_kept_within_bounds()
    {
        var log = new NodeLog();
        for (var i = 0; i < 100_000; i++)
        {
            log.Add($"fail: A[{i}]");
        }

        log.Text.Length.ShouldBeLessThan(20_000);
        log.TakeTroubles().Count.ShouldBe(400);
    }
}
