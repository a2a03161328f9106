using ChatAkka.Tests.Processes;

namespace ChatAkka.EndToEnd.Tests.Harness.Processes;

/// <summary>The check that every test ends with finds what it is meant to find.</summary>
public sealed class ServerLogTests
{
    [Theory]
    [InlineData("fail: ChatAkka.Gateway[2010]\n      Authentication failed unexpectedly.")]
    [InlineData("info: A[1]\n      Fine.\ncrit: B[2]\n      Not fine.")]
    [InlineData("info: A[1]\n      Fine.\nUnhandled exception. System.InvalidOperationException: no\n   at A.B()")]
    [InlineData("Out of memory.")]
    public void Error_is_found(string log) => LogTroubles.In(log.Split('\n')).ShouldNotBeEmpty();

    [Theory]
    [InlineData("warn: A[1]\n      Nearly full.")]
    [InlineData("dbug: A[1]\n      Connection lost.\n      System.IO.IOException: reset\n         at A.B() in C.cs:line 1")]
    [InlineData("ChatAkka is ready at an address after 400 ms; its data is in data.")]
    public void Everything_else_is_fine(string log) => LogTroubles.In(log.Split('\n')).ShouldBeEmpty();
}
