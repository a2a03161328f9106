using Akka.Actor;
using Akka.Event;

namespace Akka.Embedded.Tests.Events;

public sealed class LoggingTests : TestKit.Xunit2.TestKit
{
    [Fact]
    public void Actors_logger_has_the_path_as_its_source()
    {
        var actor = Sys.ActorOf<Logging>("logging");
        EventFilter.Info("count 3 of x", source: actor.Path.ToString()).ExpectOne(() => actor.Tell("info"));
        EventFilter.Warning(contains: "careful").ExpectOne(() => actor.Tell("warning"));
        EventFilter.Exception<InvalidDataException>(start: "it broke").ExpectOne(() => actor.Tell("error"));
    }

    [Fact]
    [Trait("Akka.NET", "differs")] // Akka.NET's adapter still says that the level is on.
    public void Level_that_is_off_is_not_published()
    {
        Sys.EventStream.SetLogLevel(LogLevel.WarningLevel);
        Log.IsInfoEnabled.ShouldBeFalse();
        Log.IsWarningEnabled.ShouldBeTrue();
        EventFilter.Info().Expect(0, () => Log.Info("nobody hears {0}", 1));
    }

    [Fact]
    public void Level_that_is_off_allocates_nothing()
    {
        Sys.EventStream.SetLogLevel(LogLevel.ErrorLevel);
        var text = "text";
        Log.Debug("warm {0} {1}", text, text);
        var before = GC.GetAllocatedBytesForCurrentThread();
        for (var i = 0; i < 1000; i++)
            Log.Debug("off {0} {1}", text, i);
        (GC.GetAllocatedBytesForCurrentThread() - before).ShouldBe(0);
    }

    [Fact]
    public void Event_carries_level_source_class_and_cause()
    {
        Sys.EventStream.Subscribe<Error>(TestActor);
        var cause = new InvalidDataException("x");
        Akka.Event.Logging.GetLogger(Sys, "source").Error(cause, "text {0}", 1);
        var log = ExpectMsg<Error>();
        log.LogLevel().ShouldBe(LogLevel.ErrorLevel);
        log.LogSource.ShouldStartWith("source");
        log.Message.ToString().ShouldBe("text 1");
        log.Cause.ShouldBe(cause);
    }

    private sealed class Logging : ReceiveActor
    {
        private readonly ILoggingAdapter _log = Context.GetLogger();

        public Logging()
        {
            Receive<string>(s => s == "info", _ => _log.Info("count {0} of {1}", 3, "x"));
            Receive<string>(s => s == "warning", _ => _log.Warning("be careful"));
            Receive<string>(s => s == "error", _ => _log.Error(new InvalidDataException("broken"), "it broke"));
        }
    }
}
