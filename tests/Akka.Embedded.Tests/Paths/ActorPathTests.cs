using Akka.Actor;

namespace Akka.Embedded.Tests.Paths;

public sealed class ActorPathTests
{
    private static readonly Address Local = new("akka", "sys");

    [Fact]
    public void Path_is_built_of_its_elements()
    {
        var path = new RootActorPath(Local) / "user" / "a" / "b";
        path.ToString().ShouldBe("akka://sys/user/a/b");
        path.Name.ShouldBe("b");
        path.Depth.ShouldBe(3);
        path.Elements.ShouldBe(["user", "a", "b"]);
        path.Parent.ToString().ShouldBe("akka://sys/user/a");
        path.Root.ToString().ShouldBe("akka://sys/");
        path.ToStringWithoutAddress().ShouldBe("/user/a/b");
        path.ToStringWithAddress(new Address("akka.tcp", "sys", "host", 2552)).ShouldBe("akka.tcp://sys@host:2552/user/a/b");
    }

    [Theory]
    [InlineData("akka://sys/user/a")]
    [InlineData("akka.tcp://sys@host:2552/user/a/b")]
    [InlineData("akka://sys/")]
    public void Path_that_is_parsed_prints_the_same(string text) => ActorPath.Parse(text).ToString().ShouldBe(text);

    [Fact]
    public void Uid_is_parsed_and_printed()
    {
        var path = ActorPath.Parse("akka://sys/user/a#42");
        path.Uid.ShouldBe(42);
        path.ToString().ShouldBe("akka://sys/user/a");
        path.ToSerializationFormat().ShouldBe("akka://sys/user/a#42");
    }

    [Theory]
    [InlineData("")]
    [InlineData("user/a")]
    [InlineData("http://sys/user")]
    [InlineData("akka://")]
    [InlineData("akka.tcp://sys@host/user")]
    [Trait("Akka.NET", "differs")] // Akka.NET takes an address without a system.
    public void Text_that_is_no_path_is_refused(string text) => ActorPath.TryParse(text, out _).ShouldBeFalse();

    [Fact]
    public void Paths_are_equal_by_their_elements()
    {
        var (a, b) = (ActorPath.Parse("akka://sys/user/a#1"), ActorPath.Parse("akka://sys/user/a#2"));
        a.ShouldBe(b);
        a.GetHashCode().ShouldBe(b.GetHashCode());
        (a == b).ShouldBeTrue();
        (a != ActorPath.Parse("akka://sys/user/b")).ShouldBeTrue();
        ActorPath.Parse("akka://other/user/a").ShouldNotBe(a);
    }

    [Fact]
    public void Address_is_parsed_and_printed()
    {
        var address = Address.Parse("akka.tcp://sys@host:2552");
        (address.Protocol, address.System, address.Host, address.Port).ShouldBe(("akka.tcp", "sys", "host", 2552));
        address.HasGlobalScope.ShouldBeTrue();
        address.ToString().ShouldBe("akka.tcp://sys@host:2552");
        Address.Parse("akka://sys").HasLocalScope.ShouldBeTrue();
        Address.Parse("akka://sys").ShouldBe(Local);
    }
}
