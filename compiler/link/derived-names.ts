/** Names that follow from other names, built here alone. */

/** Address of a team's dashboard in Grafana, which takes at most 40 characters. */
export const dashboardUid = (name: string, stated: string | undefined): string => stated ?? `team-${name.slice(0, 35)}`;
