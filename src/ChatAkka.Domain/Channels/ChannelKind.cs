namespace ChatAkka.Domain.Channels;

/// <summary>What a channel is. The numbers are stored: they never change.</summary>
public enum ChannelKind
{
    /// <summary>Two users, named after them, for ever.</summary>
    Direct = 1,

    /// <summary>A titled set of users with roles.</summary>
    Group = 2,
}

/// <summary>What a member may do. The numbers are stored: they never change.</summary>
public enum MemberRole
{
    /// <summary>Reads, sends, leaves.</summary>
    Member = 1,

    /// <summary>Also adds, removes and renames.</summary>
    Admin = 2,

    /// <summary>As admin; one a group, its creator at first.</summary>
    Owner = 3,
}
