using System.Reflection;
using System.Xml.Linq;
using ChatAkka.Server.Tests.Support;

namespace ChatAkka.Server.Tests.Architecture;

/// <summary>Dependencies point one way, as docs/architecture.md says: in the projects as written and in the assemblies as
/// compiled.</summary>
public sealed class DependencyTests
{
    /// <summary>What each project names in its own file. Which Akka it gets is the build's choice: <see cref="UsesAkka"/>.</summary>
    private static readonly Dictionary<string, string[]> Allowed = new()
    {
        ["ChatAkka.Domain"] = [],
        ["ChatAkka.Protocol"] = [],
        ["ChatAkka.Actors"] = ["ChatAkka.Domain"],
        ["ChatAkka.Storage"] = ["ChatAkka.Domain"],
        ["ChatAkka.Push"] = ["ChatAkka.Domain"],
        ["ChatAkka.Gateway"] = ["ChatAkka.Actors", "ChatAkka.Protocol"],
        ["ChatAkka.Transfer"] = ["ChatAkka.Actors", "ChatAkka.Protocol", "ChatAkka.Storage"],
        ["ChatAkka.Server"] = ["ChatAkka.Gateway", "ChatAkka.Push", "ChatAkka.Storage", "ChatAkka.Transfer"],
        ["ChatAkka.Client"] = ["ChatAkka.Protocol"],
        ["Akka.Embedded"] = [],
        ["Akka.Embedded.TestKit"] = ["Akka.Embedded"],
    };

    private static readonly string[] UsesAkka = ["ChatAkka.Actors", "ChatAkka.Storage", "ChatAkka.Gateway", "ChatAkka.Server"];

    public static TheoryData<string> Projects => [.. Allowed.Keys];

    /// <summary>The test kit isn't part of the server.</summary>
    public static TheoryData<string> Assemblies =>
        [.. Allowed.Keys.Where(project => project != "Akka.Embedded.TestKit" && File.Exists(AssemblyFile(project)))];

    [Fact]
    public void Every_project_of_the_product_has_a_place_in_the_order() =>
        Directory.EnumerateFiles(Repository.At("src"), "*.csproj", SearchOption.AllDirectories).Select(Path.GetFileNameWithoutExtension)
            .ShouldBe(Allowed.Keys, ignoreOrder: true);

    [Theory]
    [MemberData(nameof(Projects))]
    public void Project_references_only_what_lies_below_it(string project)
    {
        var references = Items(project, "ProjectReference").Select(path => Path.GetFileNameWithoutExtension(path.Replace('\\', '/')));
        references.ShouldBe(Allowed[project], ignoreOrder: true);
        ProjectFile(project).Descendants("UsesAkka").Any().ShouldBe(UsesAkka.Contains(project));
    }

    [Theory]
    [InlineData("ChatAkka.Domain")]
    [InlineData("ChatAkka.Protocol")]
    [InlineData("ChatAkka.Client")]
    public void Pure_project_names_no_package_and_no_framework(string project)
    {
        Items(project, "PackageReference").ShouldBeEmpty();
        Items(project, "FrameworkReference").ShouldBeEmpty();
    }

    [Theory]
    [MemberData(nameof(Assemblies))]
    public void Assembly_references_only_parts_below_it(string project)
    {
        References(project).Where(name => name.StartsWith("ChatAkka.", StringComparison.Ordinal)).ShouldBeSubsetOf(Below(project));
        if (!UsesAkka.Contains(project))
        {
            References(project).ShouldNotContain(name => name == "Akka" || name.StartsWith("Akka.", StringComparison.Ordinal));
        }
    }

    [Theory]
    [InlineData("ChatAkka.Domain")]
    [InlineData("ChatAkka.Protocol")]
    public void Pure_assembly_references_the_base_library_alone(string project) =>
        References(project).ShouldAllBe(name => name == "System" || name.StartsWith("System.", StringComparison.Ordinal));

    [Theory]
    [InlineData("Microsoft.AspNetCore.", "ChatAkka.Gateway", "ChatAkka.Server")]
    [InlineData("Microsoft.Data.Sqlite", "ChatAkka.Storage")]
    [InlineData("SQLitePCLRaw", "ChatAkka.Storage")]
    [InlineData("Dapper", "ChatAkka.Storage")]
    [InlineData("Google.Protobuf", "Akka.Embedded", "ChatAkka.Actors")]
    [InlineData("System.Net.Http", "ChatAkka.Client", "ChatAkka.Push")]
    public void Framework_is_known_only_where_it_belongs(string framework, params string[] homes) =>
        Allowed.Keys.Where(project => File.Exists(AssemblyFile(project)))
            .Where(project => References(project).Any(name => name.StartsWith(framework, StringComparison.Ordinal)))
            .ShouldBeSubsetOf(homes);

    [Fact]
    public void Assemblies_lie_beside_the_tests() =>
        Allowed.Keys.Where(project => project.StartsWith("ChatAkka.", StringComparison.Ordinal)).ShouldAllBe(project => File.Exists(AssemblyFile(project)));

    private static IEnumerable<string> Below(string project) => Allowed[project].SelectMany(lower => Below(lower).Append(lower)).Distinct();

    private static string AssemblyFile(string project) => Path.Combine(AppContext.BaseDirectory, project + ".dll");

    private static IEnumerable<string> References(string project) =>
        Assembly.LoadFrom(AssemblyFile(project)).GetReferencedAssemblies().Select(reference => reference.Name!);

    private static XDocument ProjectFile(string project) => XDocument.Load(Repository.At($"src/{project}/{project}.csproj"));

    private static IEnumerable<string> Items(string project, string kind) =>
        ProjectFile(project).Descendants(kind).Select(item => item.Attribute("Include")!.Value);
}
