using System.Text.Json;

namespace ChatAkka.Tests.Documents;

/// <summary>The published documents, as they lie in the checkout that the tests were built from.</summary>
internal static class PublishedDocuments
{
    public static string Text(string name) => File.ReadAllText(Path.Combine(Folder, name));

    public static JsonElement Json(string name) => JsonDocument.Parse(Text(name)).RootElement;

    private static string Folder { get; } = Find();

    private static string Find()
    {
        var directory = new DirectoryInfo(AppContext.BaseDirectory);
        while (!File.Exists(Path.Combine(directory.FullName, "ChatAkka.sln")))
        {
            directory = directory.Parent ?? throw new DirectoryNotFoundException($"no ChatAkka.sln above {AppContext.BaseDirectory}");
        }

        return Path.Combine(directory.FullName, "docs");
    }
}
