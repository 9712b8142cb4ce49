namespace OrleansGeo.World.Cli;

/// <summary>One region of the <c>--regions</c> option.</summary>
internal readonly record struct RegionPort(string Name, int HttpPort);
