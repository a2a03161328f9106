using System.Text.RegularExpressions;
using ChatAkka.Server.Tests.Support;

namespace ChatAkka.Server.Tests.Architecture;

/// <summary>The folder is the namespace is the feature.</summary>
public sealed partial class LayoutTests
{
    private static readonly string[] RoomsWithoutMeaning = ["Helper", "Helpers", "Utils", "Utilities", "Manager", "Managers", "Common"];

    [Fact]
    public void Namespace_of_every_file_of_the_chat_is_its_folder()
    {
        var misplaced = Repository.Sources()
            .Where(file => file.StartsWith("ChatAkka.", StringComparison.Ordinal) && file != "ChatAkka.Server/Program.cs")
            .Where(file => NamespaceOf(file) != Path.GetDirectoryName(file)!.Replace('\\', '/').Replace('/', '.'));
        misplaced.ShouldBeEmpty();
    }

    // The namespaces of the runtime are Akka.NET's, which are coarser than its folders: Actor/Cells/ and Actor/Refs/ are rooms of
    // Akka.Actor.
    [Fact]
    public void Namespace_of_every_file_of_the_runtime_is_its_folder_or_one_above()
    {
        var misplaced = Repository.Sources()
            .Where(file => file.StartsWith("Akka.Embedded", StringComparison.Ordinal))
            .Where(file => !($"{FolderOf(file)}.").StartsWith($"{NamespaceOf(file)}.", StringComparison.Ordinal));
        misplaced.ShouldBeEmpty();

        static string FolderOf(string file)
        {
            var folder = Path.GetDirectoryName(file)!.Replace('\\', '/').Replace('/', '.');
            return folder.StartsWith("Akka.Embedded.TestKit", StringComparison.Ordinal)
                ? "Akka.TestKit" + folder["Akka.Embedded.TestKit".Length..]
                : "Akka" + folder["Akka.Embedded".Length..];
        }
    }

    [Fact]
    public void No_folder_is_named_after_nothing() =>
        Repository.Sources().SelectMany(file => file.Split('/')[..^1]).Distinct().Where(EndsWithoutMeaning).ShouldBeEmpty();

    [Fact]
    public void No_type_is_named_after_nothing()
    {
        string[] types =
        [
            .. Repository.Sources().SelectMany(file => TypeDeclaration().Matches(File.ReadAllText(Repository.At($"src/{file}"))))
                .Select(match => match.Groups["name"].Value),
        ];

        new[] { "ChannelActor", "ChannelState", "IAccountStore", "UserId", "MemberRole" }.ShouldBeSubsetOf(types, "the search finds types of every kind");
        types.Where(EndsWithoutMeaning).ShouldBe(["ClusterSingletonManager"], "Akka.NET's name for it");
    }

    [Theory]
    [InlineData("Embedded")]
    [InlineData("Official")]
    public void Seam_of_each_runtime_is_one_small_file(string runtime) =>
        File.ReadLines(Repository.At($"src/ChatAkka.Server/Hosting/AkkaRuntime.{runtime}.cs")).Count().ShouldBeInRange(1, 100);

    private static bool EndsWithoutMeaning(string name) => RoomsWithoutMeaning.Any(word => name.EndsWith(word, StringComparison.Ordinal));

    private static string NamespaceOf(string file) =>
        Namespace().Match(File.ReadAllText(Repository.At($"src/{file}"))).Groups["name"].Value;

    [GeneratedRegex(@"^namespace (?<name>[\w.]+)", RegexOptions.Multiline)]
    private static partial Regex Namespace();

    [GeneratedRegex(@"^\s*(?:[a-z]+\s+)*(?:class|struct|interface|enum|record)\s+(?<name>[A-Z]\w*)", RegexOptions.Multiline)]
    private static partial Regex TypeDeclaration();
}
