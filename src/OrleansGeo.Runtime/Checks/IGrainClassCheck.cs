namespace OrleansGeo.Runtime.Checks;

/// <summary>One rule of what a geo grain class may be.</summary>
internal interface IGrainClassCheck
{
    IEnumerable<Finding> Look(GeoGrainClass grain);
}
