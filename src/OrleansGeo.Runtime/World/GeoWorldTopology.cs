using OrleansGeo.Operations;
using OrleansGeo.Protocol.Topology;

namespace OrleansGeo.Runtime.World;

/// <summary>The topology itself, for code that knows the protocol.</summary>
internal static class GeoWorldTopology
{
    extension(IGeoWorld world)
    {
        /// <summary>The last that this process knows.</summary>
        public WorldTopology Topology => ((GeoWorld)world).Topology;
    }
}
