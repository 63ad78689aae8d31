export { bagOfNGramsAccuracy, majorityAccuracy } from './baselines.ts';
export type { LabelledText } from './baselines.ts';
export { inquiriesCsv } from './csv.ts';
export { ROUTING_TEMPLATE, routingFederation } from './routing-federation.ts';
export type { Inquiry, RoutingFederation, RoutingFederationOptions } from './routing-federation.ts';
export { DEPARTMENTS, inquiryTemplates } from './templates.ts';
export type { Language, Split } from './department-templates.ts';
export type { Department, InquiryTemplate } from './templates.ts';
