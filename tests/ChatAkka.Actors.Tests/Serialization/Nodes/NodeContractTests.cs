using System.Reflection;
using System.Text.RegularExpressions;
using ChatAkka.Actors.Serialization;
using ChatAkka.Actors.Serialization.Nodes;
using ChatAkka.Actors.Users;
using ChatAkka.Domain.Channels;
using ChatAkka.Domain.Identity;
using Google.Protobuf;
using Google.Protobuf.Reflection;
using Wire = ChatAkka.Actors.Serialization.Wire;

namespace ChatAkka.Actors.Tests.Serialization.Nodes;

/// <summary>
/// What goes from node to node is what <c>inter-node.proto</c> says, in the bytes that Protobuf's own code makes of it; and neither changes
/// unseen: <c>contract.txt</c> is a copy of all fields, with a message of each type and its bytes.
/// </summary>
public sealed partial class NodeContractTests : NodeSerializerTest
{
    private static readonly IReadOnlyList<MessageDescriptor> Contract = [.. Wire.InterNodeReflection.Descriptor.MessageTypes];

    [Theory]
    [MemberData(nameof(MessageTypes))]
    public void Bytes_are_those_of_the_generated_code(Type type)
    {
        var random = new Random(type.Name.Length);
        object[] messages =
        [
            MadeUpMessages.Full(type), MadeUpMessages.Least(type), .. Enumerable.Range(0, 50).Select(_ => MadeUpMessages.Any(type, random)),
        ];
        foreach (var message in messages)
        {
            var bytes = Serializer.ToBinary(message);
            Convert.ToHexString(Parse(type.Name, bytes).ToByteArray()).ShouldBe(Convert.ToHexString(bytes));
        }
    }

    [Fact]
    public void Every_field_is_written()
    {
        HashSet<string> written = [];
        foreach (var message in MadeUpMessages.Types.Select(MadeUpMessages.Full).Append(new WatchAllowed(1, default)))
        {
            Note(Parse(message.GetType().Name, Serializer.ToBinary(message)), written);
        }

        written.ShouldBe(Reachable().SelectMany(FieldsOf).Select(field => field.FullName), ignoreOrder: true);
    }

    [Fact]
    public void Every_message_of_the_contract_has_one_codec_under_its_name()
    {
        var manifests = ManifestComment().Matches(Resource("inter-node.proto"))
            .ToDictionary(match => match.Groups["message"].Value, match => match.Groups["manifest"].Value);
        manifests.ShouldBe(NodeMessages.All.ToDictionary(codec => codec.Type.Name, codec => codec.Manifest), ignoreOrder: true);
        manifests.Values.ShouldBeUnique();
        manifests.Values.ShouldAllBe(manifest => manifest.Length >= 1 && manifest.Length <= 3);
    }

    [Fact]
    public void Number_of_every_field_has_a_tag_of_one_byte() =>
        Reachable().SelectMany(FieldsOf).ShouldAllBe(field => field.FieldNumber <= 15);

    [Fact]
    public void Events_are_written_as_they_are_stored()
    {
        foreach (var type in MadeUpEvents.Types.Where(type => type.IsSubclassOf(typeof(ChannelEvent))))
        {
            var e = (ChannelEvent)MadeUpMessages.Full(type);
            var bytes = Serializer.ToBinary(new Delivery(new ChannelId("1"), [e]));
            var read = (Wire.Delivery)Parse(nameof(Delivery), bytes);
            var kind = Wire.Event.Descriptor.Oneofs[0].Accessor.GetCaseFieldDescriptor(read.Events[0]);
            var stored = (IMessage)kind.Accessor.GetValue(read.Events[0]);
            Convert.ToHexString(stored.ToByteArray()).ShouldBe(Convert.ToHexString(StoredEvents.Encode(e).Payload));
        }
    }

    [Fact]
    public void Contract_is_what_it_was()
    {
        var now = string.Join("\n\n", NodeMessages.All.Select(Entry).Concat(Parts().Select(Fields))).Split('\n');
        var then = Resource("contract.txt").ReplaceLineEndings("\n").TrimEnd().Split('\n');
        var copy = Path.Combine(AppContext.BaseDirectory, "contract.txt");
        File.WriteAllLines(copy, now);
        var changed = $"The contract between nodes has changed. If that is meant, and only adds: it is now as in {copy}.";
        then.Except(now).ShouldBeEmpty(changed);
        now.Except(then).ShouldBeEmpty(changed);
        now.SequenceEqual(then).ShouldBeTrue(changed);
    }

    private string Entry(NodeCodec codec)
    {
        var bytes = Serializer.ToBinary(MadeUpMessages.Full(codec.Type));
        var json = new JsonFormatter(JsonFormatter.Settings.Default).Format(Parse(codec.Type.Name, bytes));
        string[] lines =
        [
            $"\"{codec.Manifest}\" {Fields(Contract.Single(message => message.Name == codec.Type.Name))}",
            $"  {json}",
            .. Convert.ToHexString(bytes).Chunk(128).Select(hex => $"  {new string(hex)}"),
        ];
        return string.Join('\n', lines);
    }

    private static string Fields(MessageDescriptor message) =>
        string.Join('\n', FieldsOf(message).Select(Field).Prepend(message.FullName));

    private static string Field(FieldDescriptor field)
    {
        var type = field.FieldType switch
        {
            FieldType.Message => field.MessageType.FullName,
            FieldType.Enum => string.Join('|', field.EnumType.Values.Select(value => $"{value.Number}:{value.Name}")),
            _ => field.FieldType.ToString().ToLowerInvariant(),
        };
        return $"  {field.FieldNumber} {field.Name}: {(field.IsRepeated ? "repeated " : "")}{type}";
    }

    private static IMessage Parse(string message, byte[] bytes) =>
        Contract.Single(described => described.Name == message).Parser.WithDiscardUnknownFields(true).ParseFrom(bytes);

    private static IList<FieldDescriptor> FieldsOf(MessageDescriptor message) => message.Fields.InFieldNumberOrder();

    // What isn't sent alone.
    private static IEnumerable<MessageDescriptor> Parts() => Reachable()
        .Where(message => !Contract.Contains(message) || NodeMessages.All.All(codec => codec.Type.Name != message.Name));

    // All messages of the file, and those of stored.proto that they have within them.
    private static IEnumerable<MessageDescriptor> Reachable() =>
        Contract.Concat(Contract.SelectMany(Within)).Distinct().OrderBy(message => message.FullName, StringComparer.Ordinal);

    private static IEnumerable<MessageDescriptor> Within(MessageDescriptor message) => FieldsOf(message)
        .Where(field => field.FieldType == FieldType.Message)
        .SelectMany(field => Within(field.MessageType).Prepend(field.MessageType));

    private static void Note(IMessage message, HashSet<string> written)
    {
        foreach (var field in FieldsOf(message.Descriptor))
        {
            var value = field.Accessor.GetValue(message);
            object?[] values = value is System.Collections.IList many ? [.. many.Cast<object>()] : [value];
            foreach (var one in values.Where(one => one is not (null or 0L or 0 or 0UL or "" or false)))
            {
                written.Add(field.FullName);
                if (one is IMessage inner)
                {
                    Note(inner, written);
                }
            }
        }
    }

    private static string Resource(string name)
    {
        using var stream = Assembly.GetExecutingAssembly().GetManifestResourceStream(name)!;
        using var reader = new StreamReader(stream);
        return reader.ReadToEnd();
    }

    [GeneratedRegex("""
        ^//\ manifest\ "(?<manifest>[^"]+)"[^\n]*\n^message\ (?<message>\w+)\ \{
        """, RegexOptions.Multiline | RegexOptions.IgnorePatternWhitespace)]
    private static partial Regex ManifestComment();
}
