namespace OrleansGeo.World.Wan;

/// <summary>This region's outgoing half of one link, as <c>/dev/wan</c> shows it.</summary>
/// <param name="To">The peer region.</param>
/// <param name="OneWayMs">Delay, in milliseconds.</param>
/// <param name="Loss">Share of what is sent that is lost at first and sent again, 0 to 1.</param>
/// <param name="Cut">Nothing passes.</param>
internal sealed record WanRuleView(string To, double OneWayMs, double Loss, bool Cut);
