namespace ChatAkka.Actors.Serialization;

/// <summary>
/// Every type that is stored, and the name it is stored under. A name is never given to another type: journals are kept for ever.
/// <c>stored.proto</c> has the layouts.
/// </summary>
internal static class Manifests
{
    /// <summary>Stored beside each manifest; tells Akka which serializer reads it.</summary>
    public const int SerializerId = 7301;

    public const string ChannelCreated = "c";
    public const string MessagePosted = "m";
    public const string MemberAdded = "a";
    public const string MemberRemoved = "r";
    public const string TitleChanged = "t";
    public const string RoleChanged = "o";
    public const string MessageEdited = "e";
    public const string MessageDeleted = "d";
    public const string ReactionAdded = "+";
    public const string ReactionRemoved = "-";
    public const string ChannelSnapshot = "C";
    public const string ChannelJoined = "j";
    public const string ChannelLeft = "l";
    public const string MuteChanged = "q";
    public const string UserSnapshot = "U";
}
