using System.Text.Json.Serialization;

namespace ChatAkka.Storage.Journals.Sqlite;

/// <summary>How a list of ids becomes the one parameter of a statement.</summary>
[JsonSerializable(typeof(string[]))]
internal sealed partial class StringArrayContext : JsonSerializerContext;
