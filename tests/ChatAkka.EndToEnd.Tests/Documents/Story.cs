using ChatAkka.Tests.Documents;

namespace ChatAkka.EndToEnd.Tests.Documents;

/// <summary>
/// A story of docs/protocol.md: the examples that follow one <c>&lt;!-- story: … --&gt;</c>, in order. The comment says who is there at
/// the beginning: <c>story: anna, ben; devices: anna@laptop; group: anna, ben; connected: anna</c>. People have a phone; a group is
/// made by the first who is named, and is called Friday.
/// </summary>
/// <param name="Heading">The heading above it.</param>
internal sealed record Story(string Heading, IReadOnlyDictionary<string, string[]> Given, IReadOnlyList<Step> Steps)
{
    private const string Fence = "```";
    private const string Opening = "<!-- story: ";

    /// <summary>All of the page.</summary>
    public static IReadOnlyList<Story> All { get; } = Read(PublishedDocuments.Text("protocol.md").Split('\n'));

    /// <summary>Those who are given in one way.</summary>
    public string[] Of(string what) => Given.GetValueOrDefault(what, []);

    private static List<Story> Read(string[] page)
    {
        List<Story> stories = [];
        List<Step> steps = [];
        var heading = "";
        for (var i = 0; i < page.Length; i++)
        {
            if (page[i].StartsWith('#'))
            {
                heading = page[i].TrimStart('#', ' ');
            }
            else if (page[i].StartsWith(Opening, StringComparison.Ordinal))
            {
                steps = [];
                stories.Add(new Story(heading, ReadGiven(page[i]), steps));
            }
            else if (page[i].StartsWith(Fence, StringComparison.Ordinal))
            {
                // An example that isn't run would be one that nobody keeps true.
                page[i].ShouldBe(Fence + "chat", $"line {i + 1}: the examples of the page are stories");
                var end = Array.IndexOf(page, Fence, i);
                steps.AddRange(ReadSteps(page[(i + 1)..end]));
                i = end;
            }
        }

        return stories;
    }

    private static Dictionary<string, string[]> ReadGiven(string comment) =>
        comment["<!-- ".Length..comment.LastIndexOf(" -->", StringComparison.Ordinal)].Split("; ").Select(part => part.Split(": "))
            .ToDictionary(part => part[0], part => part[1].Split(", "));

    private static IEnumerable<Step> ReadSteps(IEnumerable<string> lines)
    {
        List<string> joined = [];
        foreach (var line in lines)
        {
            if (line.StartsWith(' '))
            {
                joined[^1] += line.TrimStart();
            }
            else
            {
                joined.Add(line);
            }
        }

        return joined.Select(Step.Read).OfType<Step>();
    }
}
